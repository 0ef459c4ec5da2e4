import Ensign
import FlagCompiler
import FlagSource
import FuzzSupport
import YAML

/// Any files are a flags tree or have findings that point into them; a tree without errors compiles in every
/// environment, and what was compiled can be loaded.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTree(_ start: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let base = Rule.Example.base.map { (path: Array($0.path.utf8), bytes: Array($0.text.utf8)) }
  let files = MemoryFiles(bytes: base + splitFiles(UnsafeBufferPointer(start: start, count: size)))
  do {
    let reading = try TreeReader.read(files)
    let validation = Validation(of: reading, today: try Day.ofAllRuns)
    try check(validation)
    require(validation.checked != nil || validation.findings.contains { $0.level == .error }, "an error is told")
    if let tree = validation.checked {
      for environment in tree.tree.manifest.environments {
        _ = try Snapshot(try SnapshotCompiler.compile(tree, environment: environment.value))
      }
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
