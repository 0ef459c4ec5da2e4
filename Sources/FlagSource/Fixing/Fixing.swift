/// What is left of a tree's findings after all safe fixes, and the files that have to be written for it.
package struct Fixing: Sendable {
  /// The new content of every file that changes, sorted by path.
  package var changes: [(path: String, bytes: [UInt8])]
  /// The findings whose fixes were applied, with the places that they had then.
  package var applied: [Finding]
  /// Files that were left alone although a finding has a safe fix for them, with the reason, sorted by path.
  package var notes: [(path: String, reason: String)]
  /// The tree after the changes.
  package var validation: Validation

  /// Validates a tree, applies the safe fixes, and validates again, until no safe fix is left.
  ///
  /// Nothing is written. Fixes that overlap wait for the next pass. A file in which a fix makes an error that was not
  /// there before is left as it was.
  ///
  /// - Throws: when the files cannot be listed.
  package static func run(
    _ files: some FlagFiles, today: CalendarDate = .today()
  ) throws(FileAccessError) -> Fixing {
    var overlay = OverlaidFiles(over: files)
    var validation = try Validation.run(overlay, today: today)
    var applied: [Finding] = []
    var refused: [FileReference: String] = [:]
    for _ in 0..<greatestPasses {
      let pass = Pass(validation, leaving: refused)
      refused.merge(pass.refused) { first, _ in first }
      guard !pass.changes.isEmpty else { break }
      for (file, change) in pass.changes {
        overlay.replace(Array(validation.files.path(of: file).utf8), by: change.bytes)
      }
      var next = try Validation.run(overlay, today: today)
      let (before, after) = (validation.errorCounts, next.errorCounts)
      let worse = pass.changes.keys.filter { after[$0, default: 0] > before[$0, default: 0] }
      for file in worse {
        refused[file] = "the fixes would make an error"
        if let original = pass.changes[file]?.before {
          overlay.replace(Array(validation.files.path(of: file).utf8), by: original)
        }
      }
      if !worse.isEmpty { next = try Validation.run(overlay, today: today) }
      applied += pass.changes.filter { !worse.contains($0.key) }.values.flatMap(\.applied)
      validation = next
    }
    let files = validation.files
    return Fixing(
      changes: overlay.changes.map { (String(decoding: $0.key, as: UTF8.self), $0.value) }
        .sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) },
      applied: applied.sorted(by: Finding.reportOrder),
      notes: refused.sorted { $0.key < $1.key }.map { (files.path(of: $0.key), $0.value) },
      validation: validation)
  }

  /// Fixes that overlap come in pairs or small groups; a file in which they go on for longer is finished by the next run.
  private static let greatestPasses = 10
}

/// One pass over the findings of a tree.
private struct Pass {
  /// What becomes of a file.
  struct Change {
    let before: [UInt8]
    let bytes: [UInt8]
    let applied: [Finding]
  }

  var changes: [FileReference: Change] = [:]
  var refused: [FileReference: String] = [:]

  init(_ validation: Validation, leaving: [FileReference: String]) {
    let fixable = validation.findings.filter { $0.fix?.applicability == .safe && leaving[$0.file] == nil }
    for (file, findings) in Dictionary(grouping: fixable, by: \.file) {
      do throws(FileAccessError) {
        let before = try validation.bytes(of: file)
        if let applier = FixApplier(findings, to: before), applier.bytes != before {
          changes[file] = Change(before: before, bytes: applier.bytes, applied: applier.applied)
        } else {
          refused[file] = "the file is not the one that was checked"
        }
      } catch {
        refused[file] = error.message
      }
    }
  }
}

extension Validation {
  /// The number of errors by file.
  fileprivate var errorCounts: [FileReference: Int] {
    findings.reduce(into: [:]) { if $1.level == .error { $0[$1.file, default: 0] += 1 } }
  }
}
