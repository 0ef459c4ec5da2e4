import Ensign
import SeededRandom
import Testing

@testable import FlagServer

@Suite("OpenFeature remote evaluation of anything")
struct OFREPHostileTests {
  private static let bodies = [
    #"{"context":{"targetingKey":"user-1","beta":true,"accountId":7,"company":{"id":"é"},"groups":["a","b"],"score":1.5}}"#,
    "{}", "", #"{"context":null}"#, #"{"context":{"a":[1,{"b":[null]}],"c":1e308,"d":-0,"e":"\ud83e\uddc0"}}"#,
  ]
  private static let paths = [
    "/ofrep/v1/evaluate/flags/banner", "/ofrep/v1/evaluate/flags", "/production/ofrep/v1/evaluate/flags/a%2Fb",
    "/staging/ofrep/v1/evaluate/flags/%C3%A9", "//ofrep//v1/evaluate/flags/../x",
  ]
  private static let headers = [
    ("if-none-match", #""a", W/"b", *"#), ("flagd-selector", "flagSetId=production"), ("content-encoding", "identity"),
    ("authorization", "Bearer x"), ("x-api-key", ""), ("origin", "null"), ("content-type", "text/plain"),
  ]

  /// Changes some bytes, takes some away, and puts some in.
  private static func damaged(_ bytes: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      let place = Int.random(in: 0...bytes.count, using: &random)
      switch Int.random(in: 0..<3, using: &random) {
      case 0 where place < bytes.count: bytes[place] = .random(in: .min ... .max, using: &random)
      case 1 where place < bytes.count: bytes.remove(at: place)
      default: bytes.insert(Array("{}[]\":,%/.*\\0 \u{7f}é".utf8).randomElement(using: &random) ?? 0, at: place)
      }
    }
    return bytes
  }

  @Test("is answered in the shape that every client reads", arguments: UInt64(0)..<60)
  func damage(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let table = ServedShop.table(try ServedShop.environment(), awaited: ["staging"])
    let service = OFREPService(.init(defaultEnvironment: "production"))
    let access = AccessTable(AccessTests.tokens)
    for _ in 0..<40 {
      let path = Self.damaged(Array((Self.paths.randomElement(using: &random) ?? "").utf8), &random)
      var headers: [Request.Header] = []
      for (name, value) in Self.headers where Bool.random(using: &random) {
        headers.append(
          .init(name: name, value: String(decoding: Self.damaged(Array(value.utf8), &random), as: UTF8.self)))
      }
      let request = Request(
        method: ["POST", "POST", "POST", "GET", "OPTIONS"].randomElement(using: &random) ?? "POST",
        path: String(decoding: path, as: UTF8.self), headers: headers,
        body: Self.damaged(Array((Self.bodies.randomElement(using: &random) ?? "").utf8), &random))
      for access in [AccessTable.open, access] {
        let response = service.answer(request, from: table, access: access, holder: access.holder(of: request))
        OFREPContract.check(response, to: request)
        #expect(response.status < 500 || response.status == 503)
      }
    }
  }
}
