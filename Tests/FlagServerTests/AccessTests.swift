import Ensign
import Testing

@testable import FlagServer

@Suite("Access")
struct AccessTests {
  static let secrets = (0..<4).map { _ in TokenSecret() }
  static let tokens = [
    AccessToken(name: "eval", scope: .evaluate, environments: ["staging"], digest: secrets[0].digest),
    AccessToken(name: "read", scope: .read, environments: ["staging"], digest: secrets[1].digest),
    AccessToken(name: "push", scope: .publish, environments: ["production"], digest: secrets[2].digest),
    AccessToken(name: "both", scope: .read, environments: ["staging", "production"], digest: secrets[3].digest),
  ]
  let table = AccessTable(tokens)

  private func request(_ headers: (String, String)...) -> Request {
    Request(method: "GET", path: "/", headers: headers.map { Request.Header(name: $0.0, value: $0.1) })
  }

  @Test("finds the holder by either header")
  func holders() {
    let secret = Self.secrets[0].text
    #expect(table.holder(of: request(("authorization", "Bearer \(secret)"))).name == "eval")
    #expect(table.holder(of: request(("authorization", "bearer  \(secret)"))).name == "eval")
    #expect(table.holder(of: request(("x-api-key", secret))).name == "eval")
    #expect(table.holder(of: request(("x-api-key", secret), ("authorization", "Bearer \(secret)"))).name == "eval")
    #expect(table.holder(of: request()) == .nobody)
    #expect(AccessTable.open.holder(of: request(("x-api-key", "anything"))) == .everyone)
  }

  @Test("takes anything else for a stranger")
  func strangers() {
    let (secret, other) = (Self.secrets[0].text, Self.secrets[1].text)
    for headers in [
      [("authorization", "Bearer")], [("authorization", "Bearer ")], [("authorization", secret)],
      [("authorization", "Basic \(secret)")], [("authorization", "Bearer \(secret.dropLast())")],
      [("authorization", "Bearer \(secret.uppercased())")], [("x-api-key", "")], [("x-api-key", secret + "0")],
      [("x-api-key", secret), ("authorization", "Bearer \(other)")], [("x-api-key", secret), ("x-api-key", other)],
      [("x-api-key", secret), ("authorization", "Negotiate x")],
    ] {
      let request = Request(
        method: "GET", path: "/", headers: headers.map { Request.Header(name: $0.0, value: $0.1) })
      #expect(table.holder(of: request) == .stranger, "\(headers)")
    }
  }

  /// Each need, and who may: `-` for no credentials, `?` for wrong ones, `*` where access is not controlled.
  static let matrix: [(AccessNeed, String)] = [
    (.nothing, "- ? eval read push both *"),
    (.anyToken, "eval read push both *"),
    (.environment("staging", .evaluate), "eval read both *"),
    (.environment("staging", .read), "read both *"),
    (.environment("staging", .publish), ""),
    (.environment("production", .evaluate), "push both *"),
    (.environment("production", .read), "push both *"),
    (.environment("production", .publish), "push"),
    (.environment("canary", .evaluate), "*"),
    (.oneOf(["production", "canary"], .read), "push both *"),
    (.oneOf(["staging", "canary"], .evaluate), "eval read both *"),
    (.oneOf([], .evaluate), "*"),
  ]

  @Test("decides", arguments: matrix.indices)
  func decisions(row: Int) {
    let (need, admitted) = Self.matrix[row]
    let expected = Set(admitted.split(separator: " ").map(String.init))
    var holders: [(String, AccessHolder)] = Self.tokens.map { ($0.name, .token($0)) }
    holders += [("-", .nobody), ("?", .stranger), ("*", .everyone)]
    for (name, holder) in holders {
      let decision = table.decide(need, for: holder)
      #expect((decision == .granted) == expected.contains(name), "\(need) for \(name)")
      if case .token = holder { #expect(decision != .unauthorized) } else { #expect(decision != .forbidden) }
    }
  }

  // MARK: The file

  @Test("reads the lines that it writes")
  func lines() throws {
    let text = TokenFile.header + "\n" + Self.tokens.map(\.line).joined(separator: "\n \t\r\n# a comment\n")
    #expect(try TokenFile.parse(Array(text.utf8)) == Self.tokens)
    #expect(try TokenFile.parse([]).isEmpty)
    #expect(Self.secrets[0].text.utf8.count == 77 && Self.secrets[0].text.hasPrefix("ensign-token-"))
  }

  private static let digest = "sha256:" + String(repeating: "0", count: 64)

  @Test(
    "says where a line is wrong",
    arguments: [
      ("a", "1:2: expected a scope"),
      ("a read", "1:7: expected an environment"),
      ("a read x", "1:9: expected sha256: and a digest"),
      ("a reed x \(digest)", "1:3: unknown scope 'reed', expected evaluate, read, publish; did you mean 'read'?"),
      ("a/b read x \(digest)", "1:1: a name has letters, digits, '.', '_' and '-', and 64 of them at most"),
      ("\n  a read x,,y \(digest)", "2:10: '' is no name of an environment"),
      ("a read x,y,x \(digest)", "1:8: the environment 'x' stands twice"),
      ("a read x sha256:12", "1:10: a digest has 64 hexadecimal digits in lower case"),
      (
        "a read x \(digest.uppercased())", "1:10: expected sha256: and a digest; the secret itself does not belong here"
      ),
      ("a read x ensign-token-0123", "1:10: expected sha256: and a digest; the secret itself does not belong here"),
      ("a read x \(digest) more", "1:82: unexpected 'more': a token has four words"),
      ("a read x \(digest)\na read y \(digest)", "2:1: the name 'a' is that of line 1 too"),
      ("a read x \(digest)\nb read y \(digest)", "2:10: the digest is that of line 1 too: one secret has one line"),
    ])
  func errors(text: String, message: String) {
    #expect { try TokenFile.parse(Array(text.utf8)) } throws: { "\($0)" == message }
  }

  // MARK: The rate

  @Test("admits what fills a bucket, then as fast as it fills")
  func rate() {
    let limit = RateLimit(perSecond: 2, burst: 3)
    #expect((0..<3).allSatisfy { _ in limit.admit("a", at: 10) == nil })
    #expect(limit.admit("a", at: 10) == 1)
    #expect(limit.admit("b", at: 10) == nil)
    #expect(limit.admit("a", at: 10.5) == nil)
    #expect(limit.admit("a", at: 10.5) == 1)
    // A clock that goes back admits nothing.
    #expect(limit.admit("a", at: 5) == 1)
    #expect((0..<4).map { _ in limit.admit("a", at: 100) } == [nil, nil, nil, 1])
    #expect(RateLimit(perSecond: 0.1, burst: 1).admit("a", at: 0) == nil)
    let slow = RateLimit(perSecond: 0.1, burst: 1)
    _ = slow.admit("a", at: 0)
    #expect(slow.admit("a", at: 1) == 9)
  }

  @Test("keeps a bounded number of buckets, the used ones first")
  func memory() {
    let limit = RateLimit(perSecond: 1, burst: 2, capacity: 10)
    for _ in 0..<2 { _ = limit.admit("busy", at: 0) }
    for number in 0..<1000 { _ = limit.admit("\(number)", at: Double(number) / 1e6) }
    #expect(limit.admit("another", at: 0.5) == nil)
    let calm = RateLimit(perSecond: 1, burst: 2, capacity: 10)
    for _ in 0..<2 { _ = calm.admit("busy", at: 0) }
    // One a second: each bucket is full again when the next one comes.
    for number in 0..<5 { _ = calm.admit("\(number)", at: Double(number) / 1e3) }
    #expect(calm.admit("busy", at: 0.1) == 1)
  }
}
