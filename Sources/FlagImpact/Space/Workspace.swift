internal import Ensign

/// What analyses of several flags share: parts that were read, tests that were met, axes that were cut.
///
/// One thread uses it at a time.
final class Workspace {
  /// The version of before, and that of after; one version alone where nothing is compared.
  let sides: [AnalyzedEnvironment]

  /// All tests met so far; their numbers are those of this list.
  private(set) var tests: [AttributeTest] = []
  private var testNumbers: [TestKey: Int] = [:]
  private var segments: [SegmentPlace: SegmentForm] = [:]
  private var flags: [SegmentPlace: FlagForm] = [:]
  private var lists: [[UInt8]: KeyList] = [:]
  private var axes: [[Int]: Axis] = [:]

  init(_ sides: [AnalyzedEnvironment]) { self.sides = sides }

  private struct TestKey: Hashable {
    let type: AttributeType
    let attribute: ExactText
    /// What is tested: its kind, and its operands as JSON.
    let text: [UInt8]
  }

  /// A part of a version.
  private struct SegmentPlace: Hashable {
    let side: Int
    let key: String
  }

  /// A list of targeting keys, each list once.
  final class KeyList {
    let keys: [ExactText]
    /// The number of the test that asks whether the targeting key is listed.
    var test: Int?

    init(_ keys: [String]) { self.keys = keys.map(ExactText.init) }
  }

  /// A segment as it stands in a snapshot.
  struct SegmentForm {
    var include: KeyList?
    var exclude: KeyList?
    var when: JSONValue?
  }

  // MARK: Parts

  /// A segment; one that is the same on both sides is read once.
  func segment(_ key: String, side: Int) -> SegmentForm {
    let place = SegmentPlace(side: side, key: key)
    if let form = segments[place] { return form }
    if side == 1, AnalyzedEnvironment.isEqual(\.segments, key, sides[0], sides[1]) {
      let form = segment(key, side: 0)
      segments[place] = form
      return form
    }
    let value = sides[side].segment(key) ?? .null
    let form = SegmentForm(
      include: list(value.strings("include")), exclude: list(value.strings("exclude")), when: value["when"])
    segments[place] = form
    return form
  }

  /// Whether a segment means the same on both sides, or is on one of them only.
  func isSameIfBoth(segment key: String) -> Bool {
    guard let place = sides[0].segments.place(key), sides[1].segments.place(key) != nil else { return true }
    return AnalyzedEnvironment.isEqual(\.segments, key, sides[0], sides[1])
      && sides[0].mentions(ofSegmentAt: place).allSatisfy(isSameIfBoth)
  }

  /// A flag; nil where the version has none.
  func flag(_ key: String, side: Int) -> FlagForm? {
    let place = SegmentPlace(side: side, key: key)
    if let form = flags[place] { return form }
    let form = sides[side].flag(key)
    flags[place] = form
    return form
  }

  /// A list of keys; nil when it is empty.
  func list(_ keys: [String]) -> KeyList? {
    guard !keys.isEmpty else { return nil }
    var bytes: [UInt8] = []
    for key in keys {
      bytes += key.utf8
      bytes.append(0)
    }
    if let list = lists[bytes] { return list }
    let list = KeyList(keys)
    lists[bytes] = list
    return list
  }

  // MARK: Tests

  /// The number of a condition's test, and whether the condition holds where the test fails.
  func test(_ condition: JSONValue, type: AttributeType) -> (number: Int, isNegated: Bool) {
    let operation = condition["op"]?.string ?? ""
    let positive = ["notIn": "in", "includesNone": "includes", "missing": "exists"][operation] ?? operation
    let isNegated = positive != operation
    let attribute = condition["attribute"]?.string ?? ""
    let ignoresCase = condition["ignoreCase"]?.boolean == true
    let text =
      Array("\(positive) \(ignoresCase) ".utf8) + JSONValue.array(condition["values"]?.array ?? []).canonicalBytes
    let number = number(TestKey(type: type, attribute: ExactText(attribute), text: text)) {
      AttributeTest.read(condition, type: type).test
    }
    return (number, isNegated)
  }

  /// The number of the test that a list has the targeting key.
  func test(_ list: KeyList) -> Int {
    if let number = list.test { return number }
    list.test = tests.count
    tests.append(
      AttributeTest(
        attribute: Context.targetingKeyName, type: .string, kind: .isIn(.texts(Set(list.keys), ignoresCase: false)),
        listing: list.keys))
    return tests.count - 1
  }

  /// The number of the test that an attribute has a value of its type.
  func existsTest(_ attribute: String, type: AttributeType) -> Int {
    number(TestKey(type: type, attribute: ExactText(attribute), text: Array("exists false []".utf8))) {
      AttributeTest(attribute: attribute, type: type, kind: .exists)
    }
  }

  /// The number of the test that an attribute can be hashed.
  func hashableTest(_ attribute: String, type: AttributeType) -> Int {
    number(TestKey(type: type, attribute: ExactText(attribute), text: [])) {
      AttributeTest(attribute: attribute, type: type, kind: .hashable)
    }
  }

  private func number(_ key: TestKey, _ make: () -> AttributeTest) -> Int {
    if let number = testNumbers[key] { return number }
    let number = tests.count
    tests.append(make())
    testNumbers[key] = number
    return number
  }

  /// The axis of an attribute that these tests cut, in this order; made once.
  func axis(_ attribute: String, _ numbers: [Int]) -> Axis {
    // An attribute has its own tests, so these numbers name it too.
    if let axis = axes[numbers] { return axis }
    let axis = Axis(attribute: attribute, tests: numbers.map { tests[$0] })
    axes[numbers] = axis
    return axis
  }
}
