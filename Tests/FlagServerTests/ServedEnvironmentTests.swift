import Ensign
import Testing

@testable import FlagServer

@Suite("A served environment")
struct ServedEnvironmentTests {
  private func served(_ flag: String, segments: String = "{}") throws -> ServedEnvironment {
    let text = #"""
      {"attributes":{},"environment":"test","flags":{"a":\#(flag)},"format":1,"minimumReader":1,"project":"p",\#
      "segments":\#(segments)}
      """#
    let bytes = Array(text.utf8)
    return try ServedEnvironment(
      snapshot: Snapshot(bytes), bytes: bytes, sha256: SHA256.hexadecimal(bytes), epoch: 1, sequence: 7,
      isStale: false, isSigned: true)
  }

  private static let plain = #"""
    {"enabled":true,"metadata":{"kind":"release","owner":"payments"},"off":"off","otherwise":{"variant":"on"},\#
    "type":"boolean","variants":{"off":false,"on":true}}
    """#

  @Test("knows owners and its version")
  func owners() throws {
    let environment = try served(Self.plain)
    #expect(environment.notes.owners == ["a": "payments"])
    #expect(environment.version == "1.7")
    #expect(environment.name == "test")
    #expect(!environment.notes.dependsOnTime)
  }

  @Test(
    "knows whether time alone changes what it gives",
    arguments: [
      #"{"enabled":{"from":5},"off":"off","otherwise":{"variant":"on"},"type":"boolean","variants":{"off":false,"on":true}}"#,
      #"""
      {"enabled":true,"off":"off","otherwise":{"algorithm":"murmur3-100000","by":"targetingKey","ramp":\#
      {"from":"off","shape":"step","steps":[[5,100]],"variant":"on"},"seed":"s"},"type":"boolean",\#
      "variants":{"off":false,"on":true}}
      """#,
      #"""
      {"enabled":true,"off":"off","otherwise":{"variant":"on"},"rules":[{"name":"r","serve":{"variant":"on"},\#
      "when":{"attribute":"now","op":"lessThan","values":[9]}}],"type":"boolean","variants":{"off":false,"on":true}}
      """#,
    ])
  func time(flag: String) throws {
    #expect(try served(flag).notes.dependsOnTime)
  }
}
