import Ensign
import FlagCompiler
import FlagSource
import FuzzSupport
import YAML

/// Any files are a flags tree or have findings that point into them; a tree without errors compiles in every
/// environment, and what was compiled can be loaded.
///
/// Checked while it is read, it has the same findings and snapshots.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTree(_ start: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let base = Rule.Example.base.map { (path: Array($0.path.utf8), bytes: Array($0.text.utf8)) }
  let files = MemoryFiles(bytes: base + splitFiles(UnsafeBufferPointer(start: start, count: size)))
  do {
    let reading = try TreeReader.read(files)
    let today = try Day.ofAllRuns
    let validation = Validation(of: reading, today: today)
    try check(validation)
    require(validation.checked != nil || validation.findings.contains { $0.level == .error }, "an error is told")
    let (streamed, digested) = try Validation.run(files, today: today) { ConfigWriter() }
    require(streamed.findings.map(\.words) == validation.findings.map(\.words), "the findings are the same")
    require((digested == nil) == (validation.checked == nil), "the same trees have errors")
    if let tree = validation.checked {
      var snapshots: [[UInt8]] = []
      for environment in tree.tree.manifest.environments {
        let bytes = try SnapshotCompiler.compile(tree, environment: environment.value)
        _ = try Snapshot(bytes)
        snapshots.append(bytes)
      }
      let others = try digested.map { try SnapshotCompiler.compileAll($0) { _ in SnapshotBytes() } }
      require(others == snapshots, "the snapshots are the same")
    }
  } catch {
    require(false, "\(error)")
  }
  return 0
}

/// The day on which flags expire or not: an input has to mean the same in every run.
private enum Day {
  struct Invalid: Error {}

  static var ofAllRuns: CalendarDate {
    get throws {
      guard let day = CalendarDate(text: "2026-06-01") else { throw Invalid() }
      return day
    }
  }
}

extension Finding {
  /// What distinguishes it from others.
  fileprivate var words: String { "\(file.index):\(range.start.line):\(range.start.column) \(code) \(message) \(help)" }
}

/// Checks that findings are in order, have words, and point into files.
private func check(_ validation: Validation) throws {
  var previous: Finding?
  for finding in validation.findings {
    require(!finding.message.isEmpty && !finding.help.isEmpty, "\(finding.code) has words")
    require(RuleRegistry.rule(finding.code.description)?.code == finding.code, "\(finding.code) is a rule's")
    require(finding.range.start <= finding.range.end, "\(finding.code) goes forward")
    require(previous.map { !Finding.reportOrder(finding, $0) } ?? true, "findings are in order")
    previous = finding
    guard finding.range.start != SourcePosition(line: 1, column: 1) else { continue }
    let bytes = try validation.bytes(of: finding.file)
    let lines = bytes.count { $0 == UInt8(ascii: "\n") } + 1
    require(Int(finding.range.end.line) <= lines, "\(finding.code) ends inside its file")
  }
}
