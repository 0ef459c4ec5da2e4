/// Takes one input apart into files: each begins after a line `=== path`.
///
/// What stands before the first such line is dropped. The corpora of flags trees are written so, by hand.
package func splitFiles(_ bytes: some Sequence<UInt8>) -> [(path: [UInt8], bytes: [UInt8])] {
  let mark = Array("=== ".utf8)
  var files: [(path: [UInt8], bytes: [UInt8])] = []
  for line in Array(bytes).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
    if line.starts(with: mark) {
      files.append((Array(line.dropFirst(mark.count)), []))
    } else if !files.isEmpty {
      files[files.count - 1].bytes += line + [UInt8(ascii: "\n")]
    }
  }
  return files
}
