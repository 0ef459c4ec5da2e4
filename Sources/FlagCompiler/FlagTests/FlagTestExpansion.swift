internal import Ensign
internal import FlagSource

/// Turns the entries of test files into cases: one per environment and combination of the matrix.
struct FlagTestExpansion {
  /// More cases than this would fill the memory; the reader of YAML limits the matrix of each test.
  static let maximumCases = 1_000_000

  private var names: [String: Int] = [:]

  /// The cases of all tests of a tree, in the order of the files.
  static func cases(of tree: FlagsTree) throws(FlagTestError) -> [FlagTestCase] {
    var expansion = FlagTestExpansion()
    var cases: [FlagTestCase] = []
    for test in tree.tests {
      cases += expansion.cases(of: test)
      guard cases.count <= maximumCases else {
        throw .tooManyCases(limit: maximumCases, file: test.file, range: test.range)
      }
    }
    return cases
  }

  /// The cases of a test in the order of its environments, then of its matrix with the last axis turning fastest.
  private mutating func cases(of test: FlagTest) -> [FlagTestCase] {
    let combinations = Self.combinations(of: test.matrix)
    let given = test.given.map { FlagTestCase.Attribute(name: $0.name.value, value: $0.value.value) }
    var cases: [FlagTestCase] = []
    cases.reserveCapacity(test.environments.count * combinations.count)
    for environment in test.environments {
      for combination in combinations {
        let name = unique(Self.name(of: test, in: environment.value, combination))
        cases.append(
          FlagTestCase(
            name: name, file: test.file, range: test.range, flag: test.flag.value, environment: environment.value,
            context: given + combination, now: test.at?.value ?? FlagTest.defaultMoment,
            bucket: test.bucket?.value, expectation: test.expectation, because: test.because))
      }
    }
    return cases
  }

  /// Every choice of one value per axis; without axes the one empty choice.
  private static func combinations(of matrix: [FlagTest.MatrixAxis]) -> [[FlagTestCase.Attribute]] {
    var combinations: [[FlagTestCase.Attribute]] = [[]]
    for axis in matrix {
      combinations = combinations.flatMap { combination in
        axis.values.map { combination + [FlagTestCase.Attribute(name: axis.name.value, value: $0.value)] }
      }
    }
    return combinations
  }

  private static func name(
    of test: FlagTest, in environment: String, _ combination: [FlagTestCase.Attribute]
  ) -> String {
    let expected =
      switch test.expectation.value {
      case .variant(let variant): "serves \(variant)"
      case .value(let value): "has the value \(value)"
      }
    var differences = test.environments.count > 1 ? [environment] : []
    differences += combination.map { "\($0.name): \($0.value)" }
    let name = test.name?.value ?? "\(test.flag.value) \(expected)"
    return differences.isEmpty ? name : "\(name) [\(differences.joined(separator: ", "))]"
  }

  /// The name itself the first time, then with a number behind that no other has.
  private mutating func unique(_ name: String) -> String {
    guard var count = names[name] else {
      names[name] = 1
      return name
    }
    var numbered: String
    repeat {
      count += 1
      numbered = "\(name) (\(count))"
    } while names[numbered] != nil
    names[name] = count
    names[numbered] = 1
    return numbered
  }
}
