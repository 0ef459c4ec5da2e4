import Ensign
import Testing

@testable import FlagServer

@Suite("Exports")
struct ExportTests {
  private func flag(_ key: String, _ members: String, type: String = "boolean", variants: String? = nil) -> String {
    #"""
    "\#(key)":{\#(members),"metadata":{"kind":"release","owner":"web"},"off":"off","type":"\#(type)",\#
    "variants":\#(variants ?? #"{"off":false,"on":true}"#)}
    """#
  }

  private func export(_ flags: String...) throws -> FlagdExport {
    let environment = try ServedShop.environment(flags: flags.joined(separator: ","))
    return try FlagdExport(environment.bytes, version: environment.version)
  }

  private func targeting(_ members: String) throws -> JSONValue? {
    let export = try export(flag("a", members))
    #expect(export.omissions.isEmpty)
    return try JSONValue(parsing: export.document)["flags"]?["a"]
  }

  @Test("writes the shop's flags, and says what is not in them")
  func document() throws {
    let environment = try ServedShop.environment()
    let export = try FlagdExport(environment.bytes, version: environment.version)
    let document = try JSONValue(parsing: export.document)
    #expect(document["flags"]?.object?.map(\.key) == ServedShop.keys)
    #expect(document["metadata"]?["flagSetId"] == "production" && document["metadata"]?["version"] == "1.7")
    #expect(document["metadata"]?["bucketing"]?.string != nil && document["metadata"]?["leftOut"] == nil)
    #expect(export.percentages == ["split"])
    let text = String(decoding: export.document, as: UTF8.self)
    #expect(text.contains(#""variants":{"half":0.5,"whole":1.0,"zero":0.0}"#))
    #expect(text.contains(#""variants":{"large":9007199254740991,"small":10}"#))
    for flag in document["flags"]?.object ?? [] {
      #expect(flag.value["state"] == "ENABLED")
      let members = Set(flag.value.object?.map(\.key) ?? [])
      #expect(members.isSubset(of: ["defaultVariant", "metadata", "state", "targeting", "variants"]))
    }
    #expect(document["flags"]?["dependent"]?["defaultVariant"] == "no")
    #expect(document["flags"]?["dependent"]?["targeting"] == nil)
  }

  @Test("keeps a static flag static, and a disabled one at its off value")
  func simple() throws {
    let fixed = try targeting(#""enabled":true,"otherwise":{"variant":"on"}"#)
    #expect(fixed?["defaultVariant"] == "on" && fixed?["targeting"] == nil)
    let closed = try targeting(#""enabled":false,"otherwise":{"variant":"on"}"#)
    #expect(closed?["defaultVariant"] == "off" && closed?["targeting"] == nil)
    let window = try targeting(#""enabled":{"from":5000},"otherwise":{"variant":"on"}"#)
    #expect(
      window?["targeting"]?.description
        == #"{"if":[{"!":[{">=":[{"var":"$flagd.timestamp"},5]}]},"off",null]}"#)
  }

  @Test("hashes only where there is something to hash")
  func percentages() throws {
    let split = try targeting(
      #"""
      "enabled":true,"otherwise":{"algorithm":"murmur3-100000","by":"accountId",\#
      "ranges":[["on",0,333],["off",333,100000]],"seed":"s"}
      """#)
    #expect(
      split?["targeting"]?.description
        == #"{"if":[{"!==":[{"var":"accountId"},null]},{"fractional":[{"cat":["s/",{"var":"accountId"}]},["on",333],"#
        + #"["off",99667]]},"off"]}"#)
    #expect(split?["defaultVariant"] == "off")
  }

  @Test(
    "leaves out what flagd cannot say, with the reason",
    arguments: [
      (#""when":{"attribute":"email","op":"matches","values":["@"]}"#, "flagd has no 'matches'"),
      (
        #""when":{"attribute":"email","ignoreCase":true,"op":"in","values":["a"]}"#,
        "flagd cannot compare 'email' whatever its case"
      ),
      (#""when":{"attribute":"now","op":"lessThan","values":[1500]}"#, "flagd's clock counts seconds"),
      (#""when":{"attribute":"now","op":"atMost","values":[1000]}"#, "flagd's clock counts seconds"),
      (
        #""share":{"algorithm":"murmur3-100000","buckets":5,"by":"score","seed":"s"}"#,
        "'score' is hashed, a number"
      ),
    ])
  func omissions(part: String, reason: String) throws {
    let rule = #"{"name":"r","serve":{"variant":"on"},\#(part)}"#
    let export = try export(
      flag("a", #""enabled":true,"otherwise":{"variant":"off"},"rules":[\#(rule)]"#),
      flag("b", #""enabled":true,"otherwise":{"variant":"on"}"#))
    #expect(export.omissions.map(\.flag) == ["a"])
    #expect(export.omissions.first?.reason.hasPrefix(reason) == true, "\(export.omissions)")
    let document = try JSONValue(parsing: export.document)
    #expect(document["flags"]?.object?.map(\.key) == ["b"])
    #expect(document["metadata"]?["leftOut"]?.string?.hasPrefix("a: \(reason)") == true)
  }

  @Test("leaves out a flag whose prerequisite cannot be said")
  func omittedPrerequisite() throws {
    let export = try export(
      flag(
        "a",
        #"""
        "enabled":true,"otherwise":{"algorithm":"murmur3-100000","by":"targetingKey","ramp":{"from":"off",\#
        "shape":"linear","steps":[[1000,5],[2000,10]],"variant":"on"},"seed":"s"}
        """#),
      flag("b", #""enabled":true,"otherwise":{"variant":"on"},"requires":[{"flag":"a","variants":["on"]}]"#))
    #expect(export.omissions.map(\.flag) == ["a", "b"])
  }

  @Test("does not let what stands in it in full grow without end")
  func size() throws {
    // Each flag requires the one before, twice: what is written in full doubles.
    var flags = [flag("f00", #""enabled":{"from":1000},"otherwise":{"variant":"on"}"#)]
    for number in 1...17 {
      let before = "f" + Self.digits(number - 1)
      flags.append(
        flag(
          "f" + Self.digits(number),
          #"""
          "enabled":true,"otherwise":{"variant":"on"},"requires":[{"flag":"\#(before)","variants":["on"]},\#
          {"flag":"\#(before)","variants":["off"]}]
          """#))
    }
    let environment = try ServedShop.environment(flags: flags.joined(separator: ","))
    let export = try FlagdExport(environment.bytes, version: "1")
    #expect(export.omissions.last?.flag == "f17")
    #expect(export.omissions.last?.reason == "its targeting has more than 250000 parts")
  }

  private static func digits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  @Test("gives the manifest in both forms")
  func manifest() throws {
    let environment = try ServedShop.environment()
    let manifest = try OpenFeatureManifest(environment.bytes, descriptions: ["banner": "What it says."])
    let file = try JSONValue(parsing: manifest.file)
    #expect(file["flags"]?["banner"]?["flagType"] == "string" && file["flags"]?["banner"]?["defaultValue"] == "")
    #expect(file["flags"]?["banner"]?["description"] == "What it says.")
    #expect(file["flags"]?["ratio"]?["flagType"] == "float" && file["flags"]?["limits"]?["flagType"] == "object")
    #expect(String(decoding: manifest.file, as: UTF8.self).contains(#""defaultValue":0.0"#))
    let list = try JSONValue(parsing: manifest.list)
    #expect(list["flags"]?.array?.map { $0["key"]?.string ?? "" } == ServedShop.keys)
    #expect(list["flags"]?[0]?["type"] == "string")
  }

  @Test("serves them with strong tags", arguments: ExportService.Form.allCases)
  func service(form: ExportService.Form) throws {
    let service = ExportService()
    let request = Request(method: "GET", path: "/")
    let first = service.answer(request, form, of: try ServedShop.environment())
    let again = service.answer(request, form, of: try ServedShop.environment())
    let newer = service.answer(request, form, of: try ServedShop.environment(sequence: 8))
    #expect(first.status == 200 && first == again && first.header("content-type") == "application/json")
    #expect(first.header("etag") != newer.header("etag"))
    let tag = try #require(first.header("etag"))
    let conditional = Request(method: "GET", path: "/", headers: [.init(name: "if-none-match", value: tag)])
    let unchanged = service.answer(conditional, form, of: try ServedShop.environment())
    #expect(unchanged.status == 304 && unchanged.body.isEmpty)
    #expect((first.header("x-manifest-capabilities") == "read") == (form == .manifestList))
  }
}
