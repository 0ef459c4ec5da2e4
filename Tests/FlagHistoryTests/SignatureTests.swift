import Foundation
import SeededRandom
import Testing

@testable import FlagHistory

/// The corpus of the fuzz target `fuzz-sshsig`, as plain tests.
///
/// Each file has a commit object and an allowed-signers file, made with Git and ssh-keygen. More of them are compared with
/// Git in Tests/interop/commit-signatures.sh.
@Suite("Signatures of commits")
struct SignatureTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "Fixtures/corpus-signature")
  static let time: Int64 = 1_793_523_600

  /// A file of the corpus.
  struct Case {
    var object: [UInt8]
    var signers: [UInt8]

    init(_ name: String) throws {
      let text = try String(contentsOf: SignatureTests.folder.appending(path: name + ".txt"), encoding: .utf8)
      let parts = text.components(separatedBy: "=== object\n")[1].components(separatedBy: "=== signers\n")
      (object, signers) = (Array(parts[0].utf8), Array(parts[1].utf8))
    }

    var verdict: CommitSignature { SignatureTests.verdict(of: object, allowing: signers) }
  }

  static func verdict(of object: [UInt8], allowing signers: [UInt8], at time: Int64 = time) -> CommitSignature {
    CommitSignature(of: SignedCommit(object: object), at: time) { .found(AllowedSigners(signers)) }
  }

  @Test(
    "the corpus has the status that Git gives it",
    arguments: [
      ("good", .good, nil), ("sha256", .good, nil), ("headers", .good, nil), ("none", .none, nil),
      ("untrusted", .untrusted, "the key is not in the parent's .ensign/allowed_signers"),
      ("namespace", .bad, "the signature was made for the namespace 'file', not for git"),
      ("two", .bad, "the commit has 2 signatures"),
      ("pgp", .unknown, "a signature of OpenPGP; only SSH's are verified"),
      ("rsa", .unknown, "a signature with a key of the kind ssh-rsa; only ssh-ed25519 is verified"),
      ("ecdsa", .unknown, "a signature with a key of the kind ecdsa-sha2-nistp256; only ssh-ed25519 is verified"),
      ("lists", .good, nil),
    ] as [(String, CommitSignature.Status, String?)])
  func verdicts(_ name: String, _ status: CommitSignature.Status, _ reason: String?) throws {
    let verdict = try Case(name).verdict
    #expect(verdict.status == status)
    #expect(verdict.reason == reason)
    #expect(
      verdict.principal == (status == .good ? name == "lists" ? "Anna the Great" : "anna@example.org" : nil))
    if status == .good { #expect(verdict.key == "SHA256:NXq4o+K5JQ7tHxMgA94HE+LDvTY/96TKOYxZU3x8IS4") }
  }

  @Test("the corpus is tested")
  func isComplete() throws {
    #expect(try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).count == 11)
  }

  @Test("a commit of which one bit is another is not good", arguments: 0..<8)
  func oneBit(_ bit: Int) throws {
    let good = try Case("good")
    for index in good.object.indices {
      var object = good.object
      object[index] ^= 1 << bit
      #expect(Self.verdict(of: object, allowing: good.signers).status != .good, "byte \(index)")
    }
    for count in good.object.indices {
      let status = Self.verdict(of: Array(good.object.prefix(count)), allowing: good.signers).status
      #expect(status != .good, "cut off after \(count) bytes")
    }
  }

  @Test("changes at random are judged, and do not become good", arguments: UInt64(0)..<50)
  func randomChanges(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let names = ["good", "untrusted", "namespace", "two", "pgp", "rsa", "ecdsa", "lists"]
    let sample = try Case(names[random.below(names.count)])
    for _ in 0..<50 {
      var (object, signers) = (sample.object, sample.signers)
      for _ in 0...random.below(3) {
        object.insert(object[random.below(object.count)], at: random.below(object.count))
        object.remove(at: random.below(object.count))
        signers.insert(signers[random.below(signers.count)], at: random.below(signers.count))
        signers[random.below(signers.count)] = UInt8(random.below(256))
      }
      let status = Self.verdict(of: object, allowing: signers).status
      if object != sample.object { #expect(status != .good) }
    }
  }

  @Test("what was signed is the object without its signatures")
  func payload() {
    let object = """
      tree 1
      author A
      gpgsig one
       two
      gpgsig-sha256 three
       four
      mergetag object 5
       gpgsig six
      gpgsigs seven
      encoding eight

      gpgsig nine
       ten
      """
    let commit = SignedCommit(object: Array(object.utf8))
    #expect(commit.signatures == [Array("one\ntwo\n".utf8)])
    #expect(
      String(decoding: commit.payload, as: UTF8.self) == """
        tree 1
        author A
        mergetag object 5
         gpgsig six
        encoding eight

        gpgsig nine
         ten
        """)
    #expect(SignedCommit(object: []).payload == [])
    #expect(SignedCommit(object: Array("gpgsig".utf8)).payload == [])
    #expect(SignedCommit(object: Array(" x\ngpgsig a".utf8)).signatures == [Array("a".utf8)])
  }

  @Test(
    "a line that is not understood allows nobody, and is told",
    arguments: [
      ("KEY", "nobody is named before the key"), ("a", "there is no key"),
      ("a ", "there is no key"), ("!a KEY", "nobody is named before the key"),
      (", KEY", "nobody is named before the key"), ("\"\" KEY", "nobody is named before the key"),
      ("a\"b\" KEY", "a quotation mark stands inside a name"),
      ("\"a KEY", "the closing quotation mark is missing"),
      ("\"a\"b KEY", "a space or a comma is missing before 'b'"), ("a ssh-ed25519", "what follows ssh-ed25519"),
      ("a ssh-ed25519 AAAA", "what follows ssh-ed25519 is no such key"),
      ("a ssh-rsa BLOB", "what follows ssh-rsa is no such key"), ("a ssh-ed25519 BLOB=", "what follows"),
      ("a ssh-new BLOB", "'ssh-new' is neither a kind of key"),
      ("a cert-authority ssh-new BLOB", "'ssh-new' is no kind of key"),
      ("a cert-authority", "there is no key"), ("a cert-authority,touch KEY", "'touch' is neither"),
      ("a namespaces=git KEY", "a quotation mark is missing before 'git'"),
      ("a namespaces=\"git\"x KEY", "a space or a comma is missing before 'x'"),
      ("a namespaces=\"git\",namespaces=\"x\" KEY", "namespaces is there twice"),
      ("a valid-after=\"2026\" KEY", "'2026' is no time"),
      ("a valid-after=\"20260230\" KEY", "'20260230' is no time"),
      ("a valid-before=\"2026010100Z\" KEY", "is no time"), ("a valid-before=\"\" KEY", "'' is no time"),
      ("a valid-after=\"2026010\u{663}\" KEY", "is no time"),
      ("a valid-after=\"20260101\",valid-before=\"20260101Z\" KEY", "valid-before is not later than valid-after"),
    ])
  func lines(_ line: String, _ reason: String) throws {
    let good = try Case("good")
    let key = String(decoding: good.signers, as: UTF8.self).split(separator: " ")[1...2].joined(separator: " ")
    let text = line.replacingOccurrences(of: "KEY", with: key)
      .replacingOccurrences(of: "BLOB", with: key.split(separator: " ")[1])
    let verdict = Self.verdict(of: good.object, allowing: Array("# a list\n\n\(text)\r\n".utf8))
    #expect(verdict.status == .untrusted)
    let problem = try #require(verdict.problems.first)
    #expect(problem.hasPrefix(".ensign/allowed_signers:3: "), "\(problem)")
    #expect(problem.contains(reason), "\(problem)")
    // The lines beside it count.
    let mixed = Self.verdict(of: good.object, allowing: Array("\(text)\n".utf8) + good.signers)
    #expect(mixed.status == .good)
    #expect(mixed.problems.count == 1)
  }

  @Test("of many lines that are not understood some are told")
  func manyLines() {
    let problems = AllowedSigners(Array(String(repeating: "a\n", count: 50_000).utf8)).problems
    #expect(problems.count == 21)
    #expect(problems.last == ".ensign/allowed_signers: 49980 more lines are not understood")
  }

  @Test("keys of small order are none: under them anything could be signed")
  func smallOrder() {
    for point in [[1] + Array(repeating: 0, count: 31), Array(repeating: 0, count: 32)] as [[UInt8]] {
      let blob = SSHReader.encode(Array("ssh-ed25519".utf8)) + SSHReader.encode(point)
      #expect(SSHPublicKey(blob: blob) == nil)
    }
  }

  @Test("a key is valid from its first to its last second")
  func validity() throws {
    let good = try Case("good")
    let key = String(decoding: good.signers, as: UTF8.self).split(separator: " ")[1...2].joined(separator: " ")
    let signers = Array("a valid-after=\"20261101090000Z\",valid-before=\"202611010901\" \(key)\n".utf8)
    let verdicts = [-1, 0, 60, 61].map { Self.verdict(of: good.object, allowing: signers, at: Self.time + $0) }
    #expect(verdicts.map(\.status) == [.untrusted, .good, .good, .untrusted])
    #expect(verdicts[0].reason?.hasSuffix("allows the key only from 2026-11-01T09:00:00Z on") == true)
    #expect(verdicts[3].reason?.hasSuffix("allows the key only until 2026-11-01T09:01:00Z") == true)
  }

  @Test("lists of patterns match what a slow matcher matches", arguments: UInt64(0)..<100)
  func patterns(seed: UInt64) {
    func slow(_ text: Substring, _ pattern: Substring) -> Bool {
      guard let first = pattern.first else { return text.isEmpty }
      if first == "*" { return slow(text, pattern.dropFirst()) || !text.isEmpty && slow(text.dropFirst(), pattern) }
      return text.first.map { first == "?" || first == $0 } == true && slow(text.dropFirst(), pattern.dropFirst())
    }
    var random = SplitMix64(seed: seed)
    func word(_ letters: [Character], _ random: inout SplitMix64) -> String {
      String((0..<random.below(7)).map { _ in letters[random.below(letters.count)] })
    }
    for _ in 0..<100 {
      let list = (0...random.below(3)).map { _ in
        (random.oneIn(3) ? "!" : "") + word(["a", "b", "*", "?"], &random)
      }
      let text = word(["a", "b"], &random)
      func matches(_ patterns: [Substring]) -> Bool { patterns.contains { !$0.isEmpty && slow(text[...], $0) } }
      let wanted = matches(list.filter { !$0.hasPrefix("!") }.map { $0[...] })
      let refused = list.contains { $0.hasPrefix("!") && slow(text[...], $0.dropFirst()) }
      #expect(
        PatternList(list.joined(separator: ",").utf8).matches(text.utf8) == (wanted && !refused), "\(list) \(text)")
    }
  }

  @Test("a long pattern against a long text takes no time to speak of")
  func hostilePattern() {
    let pattern = String(repeating: "a*", count: 500) + "b"
    #expect(!PatternList(pattern.utf8).matches(String(repeating: "a", count: 5000).utf8))
  }
}
