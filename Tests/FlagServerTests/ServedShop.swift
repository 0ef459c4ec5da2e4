import Ensign

@testable import FlagServer

/// Environments with a flag of each type and each reason.
enum ServedShop {
  static func environment(
    _ name: String = "production", flags: String = flags, sequence: Int = 7, isStale: Bool = false,
    isSigned: Bool = true
  ) throws -> ServedEnvironment {
    let text = #"""
      {"attributes":{"accountId":"integer","beta":"boolean","country":"string","email":"string","score":"number"},\#
      "environment":"\#(name)","flags":{\#(flags)},"format":1,"minimumReader":1,"private":["email"],"project":"shop",\#
      "segments":{}}
      """#
    let bytes = Array(text.utf8)
    return try ServedEnvironment(
      snapshot: Snapshot(bytes), bytes: bytes, sha256: SHA256.hexadecimal(bytes), epoch: 1, sequence: sequence,
      isStale: isStale, isSigned: isSigned)
  }

  static func table(_ environments: ServedEnvironment..., awaited: Set<String> = []) -> EnvironmentTable {
    EnvironmentTable(environments, awaited: awaited)
  }

  /// The keys of all flags, sorted.
  static let keys = [
    "banner", "checkout", "closed", "dependent", "limits", "page-size", "ratio", "split", "targeted",
  ]

  static let flags = #"""
    "banner":{"enabled":true,"metadata":{"owner":"web"},"off":"none","otherwise":{"variant":"hello"},\#
    "type":"string","variants":{"hello":"Hé \"you\"\n","none":""}},\#
    "checkout":{"enabled":true,"metadata":{"owner":"payments"},"off":"off","otherwise":{"variant":"off"},\#
    "rules":[{"name":"beta users","serve":{"variant":"on"},\#
    "when":{"attribute":"beta","op":"in","values":[true]}}],\#
    "type":"boolean","variants":{"off":false,"on":true}},\#
    "closed":{"enabled":false,"metadata":{},"off":"off","otherwise":{"variant":"on"},\#
    "type":"boolean","variants":{"off":false,"on":true}},\#
    "dependent":{"enabled":true,"metadata":{},"off":"no","otherwise":{"variant":"yes"},\#
    "requires":[{"flag":"closed","variants":["on"]}],"type":"string","variants":{"no":"n","yes":"y"}},\#
    "limits":{"enabled":true,"metadata":{},"off":"small","otherwise":{"variant":"large"},\#
    "type":"object","variants":{"large":{"items":[1,2.5,null],"whole":1},"small":{}}},\#
    "page-size":{"enabled":true,"metadata":{},"off":"small","otherwise":{"variant":"large"},\#
    "type":"integer","variants":{"large":9007199254740991,"small":10}},\#
    "ratio":{"enabled":true,"metadata":{},"off":"zero","otherwise":{"variant":"whole"},\#
    "rules":[{"name":"half","serve":{"variant":"half"},"when":{"attribute":"score","op":"atLeast","values":[10]}}],\#
    "type":"number","variants":{"half":0.5,"whole":1,"zero":0}},\#
    "split":{"enabled":true,"metadata":{},"off":"off","otherwise":{"algorithm":"murmur3-100000","by":"accountId",\#
    "ranges":[["on",0,50000],["off",50000,100000]],"seed":"split"},"type":"boolean",\#
    "variants":{"off":false,"on":true}},\#
    "targeted":{"enabled":true,"metadata":{},"off":"off","otherwise":{"variant":"off"},\#
    "targets":[{"keys":["user-1"],"variant":"on"}],"type":"boolean","variants":{"off":false,"on":true}}
    """#
}

extension OFREPService {
  /// Answers a request that nobody's access limits, and records an issue where the answer breaks the contract.
  func answer(
    _ path: String, _ body: String = "", method: String = "POST", headers: [(String, String)] = [],
    from table: EnvironmentTable, access: AccessTable = .open
  ) -> Response {
    let request = Request(
      method: method, path: path, headers: headers.map { Request.Header(name: $0.0, value: $0.1) },
      body: Array(body.utf8), client: "127.0.0.1")
    let response = answer(request, from: table, access: access, holder: access.holder(of: request))
    OFREPContract.check(response, to: request)
    return response
  }
}

extension Response {
  /// The body as a value.
  var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
}
