import FlagSource
import Testing

@testable import FlagCompiler

@Suite("What cannot be compiled")
struct CompilationErrorTests {
  @Test("an environment that the manifest does not have")
  func unknownEnvironment() throws {
    let tree = try TestTree().checked()
    let near = #expect(throws: CompilationError.self) {
      try SnapshotCompiler.compile(tree, environment: "prodution")
    }
    #expect(near?.code == .unknownEnvironment)
    #expect(near?.message == "the manifest has no environment `prodution`")
    #expect(near?.help == "did you mean `production`?")
    let far = #expect(throws: CompilationError.self) {
      try SnapshotCompiler.compileAll(tree, environments: ["production", "moon"])
    }
    #expect(far?.environment == "moon")
    #expect(far?.help == "its environments are staging, production")
  }

  @Test("what the reader would refuse, with the flag that it refuses")
  func refused() throws {
    var files: [(path: String, text: String)] = []
    // Keys with dots: `a.1` must not be taken for `a.10`.
    for index in 0..<70 {
      files.append(("definitions/a.\(index).yaml", "type: boolean\noff: off\nowner: payments\nkind: permission\n"))
      let requires = index == 0 ? "" : "requires: {a.\(index - 1): on}\n"
      files.append(("environments/production/a.\(index).yaml", "enabled: true\n\(requires)otherwise: on\n"))
    }
    let tree = try TestTree(nil, files).checked()
    let error = #expect(throws: CompilationError.self) { try SnapshotCompiler.compile(tree, environment: "production") }
    let digested = try #require(try Validation.run(TestTree(nil, files).memory) { ConfigWriter() }.1)
    let streamed = #expect(throws: CompilationError.self) {
      try SnapshotCompiler.compileAll(digested) { _ in SnapshotBytes() }
    }
    #expect(streamed?.message == error?.message)
    #expect(error?.code == .refusedByReader)
    let subject = try #require(error?.subject)
    guard case .flag(let key) = subject else {
      Issue.record("\(subject)")
      return
    }
    #expect(
      error?.message.hasPrefix("the runtime library would refuse flag `\(key)` in `production`: flags.\(key): ") == true
    )
    _ = try SnapshotCompiler.compile(tree, environment: "staging")
  }
}
