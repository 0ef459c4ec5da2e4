import Ensign
import Testing

@testable import FlagServer

@Suite("OpenFeature remote evaluation")
struct OFREPTests {
  let service = OFREPService(.init(defaultEnvironment: "production"))
  let table: EnvironmentTable

  init() throws {
    table = ServedShop.table(
      try ServedShop.environment(), try ServedShop.environment("staging", sequence: 3), awaited: ["canary"])
  }

  private static let root = "/ofrep/v1/evaluate/flags"

  private func one(_ key: String, _ context: String = "{}") -> JSONValue {
    service.answer("\(Self.root)/\(key)", #"{"context":\#(context)}"#, from: table).json
  }

  // MARK: Values

  @Test("gives value, variant, reason and metadata of each kind of flag")
  func values() {
    let banner = one("banner")
    #expect(banner["value"] == "Hé \"you\"\n" && banner["variant"] == "hello" && banner["reason"] == "STATIC")
    #expect(banner["metadata"]?["owner"] == "web" && banner["metadata"]?["flagSetId"] == "production")
    #expect(banner["metadata"]?["version"] == "1.7" && banner["metadata"]?["rule"] == nil)
    let checkout = one("checkout", #"{"beta":true}"#)
    #expect(checkout["value"] == true && checkout["reason"] == "TARGETING_MATCH")
    #expect(checkout["metadata"]?["rule"] == "beta users")
    #expect(one("checkout")["reason"] == "DEFAULT" && one("checkout")["value"] == false)
    #expect(one("targeted", #"{"targetingKey":"user-1"}"#)["reason"] == "TARGETING_MATCH")
    #expect(one("split", #"{"accountId":7}"#)["reason"] == "SPLIT")
    #expect(one("limits")["value"] == ["items": [1, 2.5, .null], "whole": 1])
  }

  @Test("serves the off value of a disabled flag for a reason with which no client drops it")
  func disabled() {
    let closed = one("closed")
    #expect(closed["value"] == false && closed["variant"] == "off" && closed["reason"] == "DEFAULT")
    #expect(closed["metadata"]?["ensignReason"] == "DISABLED")
    #expect(one("dependent")["metadata"]?["ensignReason"] == "PREREQUISITE_FAILED")
    #expect(one("dependent")["value"] == "n")
  }

  @Test("writes numbers with a point, and integers without")
  func numbers() {
    func text(_ key: String, _ context: String) -> String {
      String(
        decoding: service.answer("\(Self.root)/\(key)", #"{"context":\#(context)}"#, from: table).body, as: UTF8.self)
    }
    #expect(text("ratio", "{}").contains(#""value":1.0,"#))
    #expect(text("ratio", #"{"score":10}"#).contains(#""value":0.5,"#))
    #expect(text("page-size", "{}").contains(#""value":9007199254740991,"#))
    #expect(FloatingPointText.bytes(1e21).elementsEqual("1e+21".utf8))
    #expect(FloatingPointText.bytes(-0.0).elementsEqual("0.0".utf8))
  }

  @Test("says so when the snapshot is stale, or was not signed")
  func states() throws {
    let table = ServedShop.table(try ServedShop.environment(isStale: true, isSigned: false))
    let answer = service.answer("\(Self.root)/banner", from: table).json
    #expect(answer["metadata"]?["stale"] == true && answer["metadata"]?["unsigned"] == true)
  }

  // MARK: Requests

  @Test("takes a body that says nothing", arguments: ["", " \n", "{}", #"{"context":{}}"#, #"{"context":null}"#])
  func empty(body: String) {
    #expect(service.answer("\(Self.root)/banner", body, from: table).status == 200)
    #expect(service.answer(Self.root, body, from: table).status == 200)
  }

  @Test(
    "lets pass what clients send along",
    arguments: [
      #"{"context":{"targetingKey":7}}"#, #"{"context":{"list":[1,{"a":2}]},"flags":["banner"]}"#,
      #"{"context":{"big":123456789012345678901234567890,"nested":{"a":{"b":null}}}}"#,
    ])
  func lenient(body: String) {
    #expect(service.answer("\(Self.root)/banner", body, from: table).status == 200)
  }

  @Test(
    "refuses what is no request",
    arguments: [
      ("[]", "PARSE_ERROR"), ("{", "PARSE_ERROR"), ("\u{FEFF}{}", "PARSE_ERROR"), ("context=1", "PARSE_ERROR"),
      (#"{"a":1,"a":2}"#, "PARSE_ERROR"), (#"{"context":[]}"#, "INVALID_CONTEXT"),
      (#"{"context":"user"}"#, "INVALID_CONTEXT"), (#"{"context":{"now":"2026-01-01T00:00:00Z"}}"#, "INVALID_CONTEXT"),
      (#"{"context":{"a":{"b":1},"a.b":2}}"#, "INVALID_CONTEXT"),
    ])
  func refused(body: String, code: String) {
    for path in ["\(Self.root)/banner", Self.root] {
      let response = service.answer(path, body, from: table)
      #expect(response.status == 400 && response.json["errorCode"]?.string == code)
      #expect(response.json["key"]?.string == (path == Self.root ? "" : "banner"))
    }
  }

  @Test("refuses bodies that are too large, or compressed")
  func bodies() {
    let large = #"{"context":{"a":"\#(String(repeating: "x", count: 1 << 20))"}}"#
    #expect(service.answer("\(Self.root)/banner", large, from: table).status == 413)
    let gzip = service.answer("\(Self.root)/banner", "x", headers: [("content-encoding", "gzip")], from: table)
    #expect(gzip.status == 415)
    let form = service.answer(
      "\(Self.root)/banner", "{}", headers: [("content-type", "application/x-www-form-urlencoded")], from: table)
    #expect(form.status == 200)
  }

  @Test("names no value of an attribute in an error")
  func privacy() {
    let bodies = [
      #"{"context":{"email":"ann@example.com","email":"x"}}"#,
      #"{"context":{"email":{"a":"ann@example.com"},"email.a":1}}"#, #"{"context":{"email":"ann@example.com"}"#,
      #"{"context":{"email":ann@example.com}}"#,
    ]
    for body in bodies {
      let response = service.answer(Self.root, body, from: table)
      #expect(response.status == 400)
      #expect(!String(decoding: response.body, as: UTF8.self).contains("example.com"))
    }
  }

  // MARK: Paths

  @Test(
    "answers odd keys with a clean 404",
    arguments: [
      ("a/b", "a/b"), ("a%2Fb", "a/b"), ("%2e%2e%2fx", "../x"), ("..%2F..", "../.."), ("", ""), ("banner/", "banner/"),
      ("%", "%"), ("%zz", "%zz"), ("%ff", "%ff"), ("a%00b", "a\0b"), ("a+b", "a+b"), ("%C3%A9", "é"),
      ("b%2561nner", "b%61nner"),
      ("%22%0A", "\"\n"), ("Banner", "Banner"),
    ])
  func oddKeys(path: String, key: String) {
    let response = service.answer("\(Self.root)/\(path)", "{}", from: table)
    #expect(response.status == 404 && response.json["errorCode"] == "FLAG_NOT_FOUND")
    #expect(response.json["key"]?.string == key)
  }

  @Test("decodes a key once")
  func decoding() {
    #expect(service.answer("\(Self.root)/b%61nner", "{}", from: table).status == 200)
    #expect(service.answer("/\(Self.root)/banner", "{}", from: table).status == 200)
  }

  @Test(
    "knows its own paths",
    arguments: [
      ("/ofrep/v1/x", true), ("/ofrep", true), ("/staging/ofrep/v1/evaluate/flags", true), ("/a/b/ofrep/v1", false),
      ("/v1/environments/ofrep/latest.json", false), ("/", false), ("", false), ("/ofrepx", false),
    ])
  func paths(path: String, isClaimed: Bool) {
    #expect(OFREPService.claims(path: path) == isClaimed)
    if isClaimed, !path.hasSuffix("flags") { #expect(service.answer(path, from: table).status == 404) }
  }

  @Test("answers other methods with 405, and OPTIONS for web pages")
  func methods() {
    for method in ["GET", "HEAD", "PUT", "DELETE"] {
      let response = service.answer("\(Self.root)/banner", method: method, from: table)
      #expect(response.status == 405 && response.header("allow") == "POST, OPTIONS")
    }
    let preflight = service.answer(
      Self.root, method: "OPTIONS", headers: [("origin", "https://a.example")], from: table)
    #expect(preflight.status == 204 && preflight.header("access-control-allow-origin") == "*")
    #expect(preflight.header("access-control-allow-headers")?.contains("if-none-match") == true)
  }

  // MARK: Environments

  @Test("takes the environment from path, token, selector, default, in this order")
  func environments() throws {
    let secrets = [TokenSecret(), TokenSecret()]
    let access = AccessTable([
      AccessToken(name: "one", scope: .evaluate, environments: ["staging"], digest: secrets[0].digest),
      AccessToken(name: "two", scope: .evaluate, environments: ["staging", "production"], digest: secrets[1].digest),
    ])
    func ask(_ path: String, _ secret: TokenSecret?, selector: String? = nil) -> String? {
      let headers =
        (secret.map { [("authorization", "Bearer \($0.text)")] } ?? [])
        + (selector.map { [("flagd-selector", $0)] } ?? [])
      let response = service.answer(path, headers: headers, from: table, access: secret == nil ? .open : access)
      return response.status == 200 ? response.json["metadata"]?["flagSetId"]?.string : "\(response.status)"
    }
    let (bare, staging, production) = (Self.root, "/staging" + Self.root, "/production" + Self.root)
    #expect(ask(bare, nil) == "production")
    #expect(ask(bare, nil, selector: "flagSetId=staging") == "staging")
    #expect(ask(production, nil, selector: "flagSetId=staging") == "production")
    #expect(ask(bare, secrets[0]) == "staging")
    #expect(ask(staging, secrets[0]) == "staging")
    #expect(ask(production, secrets[0]) == "403")
    #expect(ask("/nowhere" + Self.root, secrets[0]) == "403")
    #expect(ask(bare, secrets[1]) == "production")
    #expect(ask(bare, secrets[1], selector: "flagSetId=staging") == "staging")
    #expect(ask(bare, TokenSecret()) == "401")
    #expect(ask(bare, nil, selector: "source=x") == "400")
    #expect(ask("/nowhere" + Self.root, nil) == "404")
    #expect(ask("/canary" + Self.root, nil) == "503")
    #expect(OFREPService(.init()).answer(bare, from: table).status == 400)
  }

  // MARK: All flags

  @Test("gives all flags sorted, as one by one")
  func bulk() {
    let context = #"{"beta":true,"accountId":7,"targetingKey":"user-1"}"#
    let response = service.answer(Self.root, #"{"context":\#(context)}"#, from: table)
    let flags = response.json["flags"]?.array ?? []
    #expect(flags.map { $0["key"]?.string ?? "" } == ServedShop.keys)
    for flag in flags { #expect(flag == one(flag["key"]?.string ?? "", context)) }
    #expect(response.json["metadata"]?["version"] == "1.7")
    #expect(
      response.json["eventStreams"]?[0]?["endpoint"]?["requestUri"]
        == "/v1/environments/production/events?format=ofrep")
  }

  @Test("leaves out what a client refuses, when asked to")
  func strict() {
    var configuration = OFREPService.Configuration(defaultEnvironment: "production")
    configuration.sendsBulkMetadata = false
    configuration.sendsEventStreams = false
    let response = OFREPService(configuration).answer(Self.root, from: table)
    #expect(response.json.object?.map(\.key) == ["flags"])
    configuration.sendsEventStreams = true
    configuration.publicURL = "https://flags.example"
    let other = OFREPService(configuration).answer(Self.root, from: table)
    #expect(
      other.json["eventStreams"]?[0]?["url"]
        == "https://flags.example/v1/environments/production/events?format=ofrep")
    #expect(other.header("etag") != response.header("etag"))
  }

  @Test("answers 304 while nothing changed")
  func entityTags() throws {
    func ask(_ context: String, _ condition: String?, _ table: EnvironmentTable) -> Response {
      service.answer(
        Self.root, #"{"context":\#(context)}"#, headers: condition.map { [("if-none-match", $0)] } ?? [], from: table)
    }
    let tag = try #require(ask(#"{"a":1,"b":{"c":2}}"#, nil, table).header("etag"))
    // The same context, said in another order.
    for condition in [tag, "*", "\"x\", \(tag)", "W/\(tag)", "W/\"y\" , \(tag),", "\"\",\(tag)"] {
      let response = ask(#"{"b":{"c":2},"a":1}"#, condition, table)
      #expect(response.status == 304 && response.header("etag") == tag, "\(condition)")
    }
    for condition in ["\"x\"", "", String(tag.dropFirst()), "x, \(tag)", "*, \(tag)", "\(tag.dropLast())"] {
      #expect(ask(#"{"a":1,"b":{"c":2}}"#, condition, table).status == 200, "\(condition)")
    }
    // An integer and a number of the same value hash differently.
    for other in [#"{"a":1.0,"b":{"c":2}}"#, #"{"a":"1","b":{"c":2}}"#, #"{"a":1}"#, #"{"a":["1"],"b":{"c":2}}"#] {
      #expect(ask(other, tag, table).status == 200)
    }
    let newer = ServedShop.table(try ServedShop.environment(sequence: 8))
    #expect(ask(#"{"a":1,"b":{"c":2}}"#, tag, newer).status == 200)
  }

  @Test("answers anew when time alone changed a flag")
  func timeTags() async throws {
    // Long enough that the first answers come before it, on however busy a machine.
    let flag = #"""
      "soon":{"enabled":{"from":\#(Timestamp.now().milliseconds + 2000)},"metadata":{},"off":"off",\#
      "otherwise":{"variant":"on"},"type":"boolean","variants":{"off":false,"on":true}}
      """#
    let table = ServedShop.table(try ServedShop.environment(flags: flag))
    let before = service.answer(Self.root, from: table)
    let tag = try #require(before.header("etag"))
    #expect(service.answer(Self.root, headers: [("if-none-match", tag)], from: table).status == 304)
    try await Task.sleep(for: .milliseconds(2100))
    let after = service.answer(Self.root, headers: [("if-none-match", tag)], from: table)
    #expect(after.status == 200 && after.json["flags"]?[0]?["value"] == true)
    #expect(before.json["flags"]?[0]?["value"] == false)
  }

  // MARK: Web pages

  @Test("tells pages of known origins only")
  func origins() {
    var configuration = OFREPService.Configuration(defaultEnvironment: "production")
    configuration.crossOrigin = .origins(["https://shop.example"])
    let service = OFREPService(configuration)
    for (origin, expected) in [("https://shop.example", "https://shop.example"), ("https://evil.example", nil)] {
      for method in ["POST", "OPTIONS"] {
        let response = service.answer(Self.root, method: method, headers: [("origin", origin)], from: table)
        #expect(response.header("access-control-allow-origin") == expected)
        #expect(response.header("vary") == "Origin")
      }
    }
    #expect(self.service.answer(Self.root, from: table).header("access-control-expose-headers") == "ETag, Retry-After")
  }

  @Test("keeps its shape for what is refused before it")
  func outside() {
    let request = Request(method: "POST", path: "\(Self.root)/a%2Fb")
    let response = service.refuse(request, .tooMany(retryAfter: 3))
    OFREPContract.check(response, to: request)
    #expect(response.status == 429 && response.header("retry-after") == "3" && response.json["key"] == "a/b")
  }

  @Test("announces changes as the protocol says")
  func events() throws {
    let data = try JSONValue(parsing: OFREPEvents.data(sha256: "ab", seconds: 5))
    #expect(data == ["etag": "\"ab\"", "lastModified": 5, "type": "refetchEvaluation"])
  }
}
