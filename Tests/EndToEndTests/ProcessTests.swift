import Foundation
import Testing

@testable import ensign

@Suite("The executable as a process")
struct ProcessTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("answers")
  func version() throws {
    let outcome = try shell("$ensign --version", in: folder.path)
    #expect(outcome.status == 0)
    #expect(outcome.output == "ensign \(Program.version)\n")
    #expect(outcome.messages == "")
  }

  @Test("is content with a reader that goes away")
  func brokenPipe() throws {
    let outcome = try shell("$ensign help --markdown | head -c 10; echo; echo ${PIPESTATUS[0]}", in: folder.path)
    #expect(outcome.output.hasSuffix("\n0\n"))
    #expect(outcome.messages == "")
  }

  @Test("says when its results cannot be written")
  func fullDisk() throws {
    let outcome = try shell("$ensign --version > /dev/full", in: folder.path)
    #expect(outcome.status == 2)
    #expect(outcome.messages == "ensign: error: cannot write standard output: No space left on device\n")
  }

  @Test("writes no colour into a pipe")
  func colour() throws {
    #expect(try !shell("$ensign nonsense", in: folder.path).messages.contains("\u{1B}"))
  }

  @Test(
    "completes in bash",
    arguments: [
      ("ensign comp", "compile completion"), ("ensign new s", "segment"),
      ("ensign list --environment pro", "production"),
      ("ensign show checkout", "checkout-v2"), ("ensign completion f", "fish"), ("ensign --col", "--color"),
      ("ensign --color a", "always auto"), ("ensign --color=n", "never"), ("ensign completion --quie", "--quiet"),
      ("ensign --flags x completion z", "zsh"),
    ])
  func bash(_ line: String, _ expected: String) throws {
    let script = """
      complete() { :; }
      source <($ensign completion bash)
      line='\(line)'
      # As readline splits it: '=' is a word of its own.
      COMP_WORDS=(${line//=/ = })
      COMP_WORDS[0]=$ensign
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _ensign
      echo $(printf '%s\\n' "${COMPREPLY[@]}" | sort)
      """
    let outcome = try shell(script, in: repositoryFolder)
    #expect(outcome.output == expected + "\n", "\(outcome)")
  }

  @Test("completes in zsh and fish, where they are installed", arguments: ["zsh", "fish"])
  func otherShells(_ name: String) throws {
    let outcome = try shell(
      "$ensign completion \(name) > script; ! command -v \(name) || \(name) -n script", in: folder.path)
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try folder.read("script").count > 1000)
  }
}
