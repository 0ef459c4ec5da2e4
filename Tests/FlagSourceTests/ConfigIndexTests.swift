import SeededRandom
import Testing

@testable import FlagSource

/// Where configs are found, against looking through all of them.
@Suite("Configs by environment and flag")
struct ConfigIndexTests {
  /// A tree in which some configs have no definition, some stand twice, as some definitions do, and one environment has
  /// hardly any.
  private static func files(_ random: inout SplitMix64) -> [(path: String, text: String)] {
    var files = [
      (path: "ensign.yaml", text: "format: 1\nproject: shop\nenvironments: [development, staging, production]\n")
    ]
    for key in keys {
      if Int.random(in: 0..<8, using: &random) > 0 {
        files.append(("definitions/\(key).yaml", "description: A flag.\ntype: boolean\noff: off\n"))
      }
      if Int.random(in: 0..<20, using: &random) == 0 {
        files.append(("definitions/more/\(key).yaml", "description: The same.\ntype: boolean\noff: off\n"))
      }
      for environment in ["development", "production"] where Bool.random(using: &random) {
        files.append(("environments/\(environment)/\(key).yaml", "enabled: true\notherwise: on\n"))
        guard Int.random(in: 0..<10, using: &random) == 0 else { continue }
        files.append(("environments/\(environment)/more/\(key).yaml", "enabled: true\notherwise: on\n"))
      }
    }
    if let key = keys.randomElement(using: &random) {
      files.append(("environments/staging/\(key).yaml", "enabled: true\notherwise: on\n"))
    }
    return files
  }

  private static let keys = (0..<60).map { "flag\($0 % 7)-\($0)" }

  @Test("each is the first of its key", arguments: UInt64(0)..<30)
  func firstOfItsKey(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let tree = try #require(try TreeReader.read(MemoryFiles(Self.files(&random))).tree)
    #expect(tree.configs.count > 20)
    let names = tree.configs.map { "\($0.environment) \($0.flag)" }
    #expect(tree.configIndex.hasRepeatedKey == (Set(names).count < names.count))
    for environment in ["development", "staging", "production", "elsewhere"] {
      let positions = tree.configIndex[environment]
      for key in Self.keys + ["other"] {
        let first = tree.configs.firstIndex { $0.environment == environment && $0.flag == key }
        #expect(tree.configIndex.position(of: key, in: environment) == first)
        guard let definition = tree.definitions.firstIndex(where: { $0.key == key }) else { continue }
        #expect(tree.definitionIndex[key] == definition)
        #expect(positions[definition] == first)
      }
    }
  }
}
