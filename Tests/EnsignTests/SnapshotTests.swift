import SeededRandom
import Testing

@testable import Ensign

@Suite("Loading snapshots")
struct SnapshotTests {
  /// A snapshot with something of everything.
  static let document = """
    {"attributes":{"age":"integer","country":"string","ip":"ip","since":"timestamp","version":"version"},\
    "environment":"production","flags":{"a":{"enabled":true,"off":"off","otherwise":{"variant":"on"},\
    "type":"boolean","variants":{"off":false,"on":true}},"b":{"enabled":{"from":1000,"until":2000},\
    "metadata":{"kind":"release","owner":"payments","tags":["x"]},"off":"small",\
    "otherwise":{"algorithm":"murmur3-100000","by":"targetingKey","ranges":[["small",0,40000],["large",40000,100000]],\
    "seed":"b"},"requires":[{"flag":"a","variants":["on"]}],"rules":[{"name":"r1","serve":{"algorithm":"murmur3-100000",\
    "by":"country","ramp":{"from":"small","shape":"linear","steps":[[1000,10],[2000,20]],"variant":"large"},"seed":"b"},\
    "share":{"algorithm":"murmur3-100000","buckets":500,"by":"targetingKey","seed":"b"},"when":{"all":[\
    {"attribute":"age","op":"atLeast","values":[18]},{"any":[{"segment":["s"]},{"not":{"attribute":"country",\
    "ignoreCase":true,"op":"in","values":["de","fr"]}}]}]}},{"name":"r2","serve":{"variant":"large"},\
    "when":{"attribute":"version","op":"lessThan","values":["2.0.0"]}},{"name":"r3","serve":{"variant":"large"},\
    "when":{"attribute":"ip","op":"within","values":["10.0.0.0/8"]}},{"name":"r4","serve":{"variant":"large"},\
    "when":{"attribute":"country","op":"matches","values":["^x+$"]}}],"targets":[{"keys":["user-1"],"variant":"large"}],\
    "type":"string","variants":{"large":"L","small":"S"}}},"format":1,"minimumReader":1,"private":["country"],\
    "project":"acme","segments":{"s":{"exclude":["user-2"],"include":["user-3"],"when":{"segment":["t"]}},\
    "t":{"when":{"attribute":"since","op":"exists"}}}}
    """

  /// Loads a document, and checks it in parts, which comes to the same.
  static func load(_ bytes: [UInt8]) throws(SnapshotError) -> Snapshot {
    let refusals = [1, 2, 100].map { size in
      do throws(SnapshotError) {
        try SnapshotParts(bytes, partsOf: size).check()
        return SnapshotError?.none
      } catch {
        return error
      }
    }
    do throws(SnapshotError) {
      let snapshot = try Snapshot(bytes)
      #expect(refusals.allSatisfy { $0 == nil })
      return snapshot
    } catch {
      for refusal in refusals {
        #expect(refusal?.code == error.code)
        // Where a document is no JSON, the place is in the message.
        if error.code != .malformed { #expect(refusal?.message == error.message) }
      }
      throw error
    }
  }

  @Test("one pattern in several conditions, in small letters and in any case")
  func repeatedPatterns() throws {
    func flag(_ key: String, _ pattern: String, ignoreCase: Bool = false) -> String {
      let test = "\"attribute\":\"name\",\(ignoreCase ? "\"ignoreCase\":true," : "")\"op\":\"matches\""
      return "\"\(key)\":{\"enabled\":true,\"off\":\"off\",\"otherwise\":{\"variant\":\"off\"},"
        + "\"rules\":[{\"name\":\"r\",\"serve\":{\"variant\":\"on\"},\"when\":{\(test),\"values\":[\"\(pattern)\"]}}],\"type\":\"boolean\","
        + "\"variants\":{\"off\":false,\"on\":true}}"
    }
    let flags = [
      flag("a", "^x"), flag("b", "^x", ignoreCase: true), flag("c", "^x"), flag("d", "^y"),
      flag("e", "^x", ignoreCase: true), flag("f", "^\u{E9}"), flag("g", "^e\u{301}"),
    ]
    let text = """
      {"attributes":{"name":"string"},"environment":"e","flags":{\(flags.joined(separator: ","))},"format":1,\
      "minimumReader":1,"project":"p"}
      """
    let snapshot = try Self.load(Array(text.utf8))
    for (name, expected) in [("xy", "abce"), ("Xy", "be"), ("yx", "d"), ("zx", ""), ("\u{E9}", "f"), ("e\u{301}", "g")]
    {
      let hits = snapshot.flagKeys.filter { snapshot.boolean($0, in: ["name": .string(name)], default: false) }
      #expect(hits.joined() == expected)
    }
  }

  @Test func loads() throws {
    let snapshot = try Self.load(Array(Self.document.utf8))
    #expect(snapshot.project == "acme")
    #expect(snapshot.environment == "production")
    #expect(snapshot.count == 2)
    #expect(snapshot.flagKeys == ["a", "b"])
    #expect(snapshot.flag("b")?.type == .string)
    #expect(snapshot.flag("b")?.key == "b")
    #expect(snapshot.flag("c") == nil)
    #expect(snapshot.flag("") == nil)
  }

  @Test("flags are told by their keys, in whatever order they stand")
  func flagOrder() throws {
    var random = SplitMix64(seed: 1)
    let keys = (0..<50).map { "f\($0)" }
    let flags = keys.shuffled(using: &random).map {
      "\"\($0)\":{\"enabled\":true,\"off\":\"v\",\"otherwise\":{\"variant\":\"v\"},\"type\":\"string\","
        + "\"variants\":{\"v\":\"\($0)\"}}"
    }
    let document = """
      {"environment":"e","flags":{\(flags.joined(separator: ","))},"format":1,"minimumReader":1,"project":"p"}
      """
    let snapshot = try Self.load(Array(document.utf8))
    #expect(snapshot.flagKeys == keys.sorted())
    let all = snapshot.evaluateAll(in: Context())
    #expect(all.map(\.flag) == keys.sorted())
    #expect(all.map(\.value) == keys.sorted().map { .string($0) })
  }

  @Test("short texts are equal when their bytes are")
  func shortTexts() {
    var random = SplitMix64(seed: 2)
    for _ in 0..<5000 {
      let texts = (0..<2).map { _ in
        (0..<32).map { _ in random.next() % 16 == 0 ? UInt8(ascii: "b") : UInt8(ascii: "a") }
      }
      let counts = (0..<2).map { _ in Int(random.next() % 18) }
      let short = zip(texts, counts).map { text, count in
        text.withUnsafeBytes { bytes in
          bytes.baseAddress.flatMap { ShortText($0, count) }
        }
      }
      #expect((short[0] == nil) == (counts[0] > 16))
      guard let left = short[0], let right = short[1] else { continue }
      #expect((left == right) == (texts[0][..<counts[0]] == texts[1][..<counts[1]]))
    }
  }

  /// What stands in the document, what it is replaced by, where the error is, and a part of its message.
  @Test(arguments: [
    ("\"format\":1", "\"format\":2", "format", "expected format 1"),
    ("\"format\":1,", "", "", "“format” is missing"),
    ("\"minimumReader\":1,", "", "", "“minimumReader” is missing"),
    ("\"minimumReader\":1", "\"minimumReader\":0", "minimumReader", "from 1"),
    ("\"minimumReader\":1", "\"minimumReader\":\"1\"", "minimumReader", "expected an integer"),
    ("\"project\":\"acme\"", "\"projects\":\"acme\"", "projects", "unknown member “projects”"),
    ("\"project\":\"acme\"", "\"project\":1", "project", "expected a string"),
    ("\"age\":\"integer\"", "\"age\":\"int\"", "attributes.age", "expected a type"),
    ("\"age\":\"integer\"", "\"now\":\"timestamp\"", "attributes", "built in"),
    ("\"private\":[\"country\"]", "\"private\":[\"nobody\"]", "private[0]", "not among"),
    ("\"private\":[\"country\"]", "\"private\":[\"targetingKey\"]", "private[0]", "never private"),
    ("\"a\":{\"enabled\":true", "\"a/b\":{\"enabled\":true", "flags", "expected a key"),
    ("\"a\":{\"enabled\":true", "\"a\":{\"enabled\":1", "flags.a.enabled", "true, false"),
    ("\"a\":{\"enabled\":true,", "\"a\":{", "flags.a", "“enabled” is missing"),
    ("\"a\":{\"enabled\":true,", "\"a\":{\"enabled\":true,\"extra\":1,", "flags.a", "unknown member “extra”"),
    ("{\"from\":1000,\"until\":2000}", "{}", "flags.b.enabled", "expected “from”"),
    ("{\"from\":1000,\"until\":2000}", "{\"from\":2000,\"until\":2000}", "flags.b.enabled", "not before"),
    ("{\"from\":1000,\"until\":2000}", "{\"from\":1000.5}", "flags.b.enabled.from", "expected an integer"),
    ("{\"from\":1000,\"until\":2000}", "{\"from\":999999999999999}", "flags.b.enabled.from", "from -62"),
    ("\"kind\":\"release\"", "\"kind\":1", "flags.b.metadata.kind", "expected a string"),
    ("\"tags\":[\"x\"]", "\"tags\":[1]", "flags.b.metadata.tags[0]", "expected a string"),
    ("\"off\":\"small\"", "\"off\":\"medium\"", "flags.b.off", "no variant “medium”"),
    ("\"type\":\"string\"", "\"type\":\"text\"", "flags.b.type", "expected a type"),
    ("\"type\":\"string\"", "\"type\":\"integer\"", "flags.b.variants.large", "expected an integer"),
    ("\"variants\":{\"off\":false,\"on\":true}", "\"variants\":{}", "flags.a.variants", "one variant at least"),
    (
      "\"variants\":{\"off\":false,\"on\":true}", "\"variants\":{\"off\":0,\"on\":true}", "flags.a.variants.off",
      "true or false"
    ),
    ("[\"large\",40000,100000]", "[\"large\",40000,99999]", "flags.b.otherwise.ranges", "end at 99999"),
    ("[\"large\",40000,100000]", "[\"large\",40001,100000]", "flags.b.otherwise.ranges[1]", "begin at 40000"),
    ("[\"large\",40000,100000]", "[\"large\",40000,100001]", "flags.b.otherwise.ranges[1][2]", "0 to 100000"),
    (
      "[\"large\",40000,100000]", "[\"large\",40000,40000],[\"large\",40000,100000]", "flags.b.otherwise.ranges[1]",
      "empty"
    ),
    ("[\"large\",40000,100000]", "[\"huge\",40000,100000]", "flags.b.otherwise.ranges[1][0]", "no variant “huge”"),
    ("[\"large\",40000,100000]", "[\"large\",40000]", "flags.b.otherwise.ranges[1]", "expected a range"),
    ("\"ranges\":[[\"small\",0,40000],", "\"ranges\":[", "flags.b.otherwise.ranges[0]", "begin at 0"),
    ("\"otherwise\":{\"variant\":\"on\"}", "\"otherwise\":{}", "flags.a.otherwise", "expected one of"),
    (
      "\"otherwise\":{\"variant\":\"on\"}", "\"otherwise\":{\"seed\":\"x\",\"variant\":\"on\"}", "flags.a.otherwise",
      "go with"
    ),
    (
      "\"otherwise\":{\"algorithm\":\"murmur3-100000\"", "\"otherwise\":{\"algorithm\":\"md5\"",
      "flags.b.otherwise.algorithm", "unknown algorithm"
    ),
    ("\"by\":\"country\",\"ramp\"", "\"by\":\"city\",\"ramp\"", "flags.b.rules[0].serve.by", "not among"),
    ("\"seed\":\"b\"},\"requires\"", "\"seed\":1},\"requires\"", "flags.b.otherwise.seed", "expected a string"),
    ("\"shape\":\"linear\"", "\"shape\":\"curve\"", "flags.b.rules[0].serve.ramp.shape", "“step” or “linear”"),
    ("[[1000,10],[2000,20]]", "[]", "flags.b.rules[0].serve.ramp.steps", "one step"),
    ("[[1000,10],[2000,20]]", "[[1000,10],[1000,20]]", "flags.b.rules[0].serve.ramp.steps[1]", "not after"),
    ("[[1000,10],[2000,20]]", "[[1000,10],[2000,9]]", "flags.b.rules[0].serve.ramp.steps[1]", "never falls"),
    ("[[1000,10],[2000,20]]", "[[1000]]", "flags.b.rules[0].serve.ramp.steps[0]", "expected a step"),
    ("\"buckets\":500", "\"buckets\":100000", "flags.b.rules[0].share.buckets", "0 to 99999"),
    ("{\"flag\":\"a\",", "{\"flag\":\"z\",", "flags.b.requires[0].flag", "no flag “z”"),
    ("{\"flag\":\"a\",", "{\"flag\":\"b\",", "flags.b.requires[0].variants[0]", "no variant “on”"),
    (
      "{\"flag\":\"a\",\"variants\":[\"on\"]}", "{\"flag\":\"b\",\"variants\":[\"large\"]}", "flags.b", "back to itself"
    ),
    (
      "{\"flag\":\"a\",\"variants\":[\"on\"]}", "{\"flag\":\"a\",\"variants\":[]}", "flags.b.requires[0].variants",
      "one variant"
    ),
    ("\"name\":\"r2\"", "\"name\":\"r1\"", "flags.b.rules", "two rules are named “r1”"),
    ("\"keys\":[\"user-1\"]", "\"keys\":[\"user-1\",\"user-1\"]", "flags.b.targets[0].keys[1]", "stands twice"),
    ("\"include\":[\"user-3\"]", "\"include\":[\"user-3\",\"user-3\"]", "segments.s.include[1]", "stands twice"),
    ("\"include\":[\"user-3\"]", "\"include\":[3]", "segments.s.include[0]", "expected a string"),
    (
      "{\"segment\":[\"s\"]}", "{\"segment\":[\"nobody\"]}", "flags.b.rules[0].when.all[1].any[0].segment[0]",
      "no segment"
    ),
    ("{\"segment\":[\"s\"]}", "{\"segment\":[]}", "flags.b.rules[0].when.all[1].any[0].segment", "one segment"),
    ("\"when\":{\"segment\":[\"t\"]}", "\"when\":{\"segment\":[\"s\"]}", "segments.s", "back to itself"),
    ("\"op\":\"atLeast\"", "\"op\":\"least\"", "flags.b.rules[0].when.all[0].op", "unknown operator"),
    ("\"op\":\"atLeast\"", "\"op\":\"contains\"", "flags.b.rules[0].when.all[0].op", "known are exists"),
    ("\"values\":[18]", "\"values\":[18.5]", "flags.b.rules[0].when.all[0].values[0]", "expected an integer"),
    ("\"values\":[18]", "\"values\":[18,19]", "flags.b.rules[0].when.all[0].values", "one value"),
    ("\"values\":[18]", "\"values\":[]", "flags.b.rules[0].when.all[0].values", "one value at least"),
    ("\"op\":\"atLeast\",\"values\":[18]", "\"op\":\"atLeast\"", "flags.b.rules[0].when.all[0]", "“values” is missing"),
    ("\"op\":\"exists\"", "\"op\":\"exists\",\"values\":[1]", "segments.t.when.values", "takes no values"),
    ("\"ignoreCase\":true", "\"ignoreCase\":false", "flags.b.rules[0].when.all[1].any[1].not.ignoreCase", "goes with"),
    ("[\"de\",\"fr\"]", "[\"DE\",\"fr\"]", "flags.b.rules[0].when.all[1].any[1].not.values[0]", "“de”"),
    ("[\"de\",\"fr\"]", "[\"de\",\"de\"]", "flags.b.rules[0].when.all[1].any[1].not.values[1]", "twice"),
    ("[\"2.0.0\"]", "[\"2.0\"]", "flags.b.rules[1].when.values[0]", "patch"),
    ("[\"2.0.0\"]", "[\"2.0.0+b\"]", "flags.b.rules[1].when.values[0]", "build metadata"),
    ("[\"10.0.0.0/8\"]", "[\"10.0.0.1/8\"]", "flags.b.rules[2].when.values[0]", "10.0.0.0/8"),
    ("[\"10.0.0.0/8\"]", "[\"010.0.0.0/8\"]", "flags.b.rules[2].when.values[0]", "leading zero"),
    ("[\"10.0.0.0/8\"]", "[\"10.0.0.0/08\"]", "flags.b.rules[2].when.values[0]", "prefix length"),
    ("[\"10.0.0.0/8\"]", "[\"2001:DB8::/32\"]", "flags.b.rules[2].when.values[0]", "2001:db8::/32"),
    (
      "\"op\":\"within\",\"values\":[\"10.0.0.0/8\"]", "\"op\":\"in\",\"values\":[\"10.0.0.1/32\"]",
      "flags.b.rules[2].when.values[0]", "the canonical text is 10.0.0.1"
    ),
    ("[\"10.0.0.0/8\"]", "[\"10.0.0.0\"]", "flags.b.rules[2].when.values[0]", "10.0.0.0/32"),
    ("[\"^x+$\"]", "[\"(x\"]", "flags.b.rules[3].when.values[0]", "missing )"),
    ("{\"all\":[", "{\"op\":\"in\",\"all\":[", "flags.b.rules[0].when", "go with “attribute”"),
    ("{\"all\":[", "{\"not\":{},\"all\":[", "flags.b.rules[0].when", "expected one of"),
    (
      "{\"not\":{\"attribute\":\"country\",", "{\"not\":{\"all\":[],\"x\":1,",
      "flags.b.rules[0].when.all[1].any[1].not", "unknown member “x”"
    ),
  ])
  func refused(_ part: String, _ replacement: String, _ path: String, _ message: String) {
    let changed = Self.document.replacing(part, with: replacement, maxReplacements: 1)
    #expect(changed != Self.document)
    let error = #expect(throws: SnapshotError.self) { try Self.load(Array(changed.utf8)) }
    #expect(error?.path.hasPrefix(path) == true, "\(error?.path ?? "")")
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    #expect(error?.code == .invalid)
  }

  @Test func newerReader() {
    let newer = Self.document.replacing("\"minimumReader\":1", with: "\"future\":[],\"minimumReader\":2")
    let error = #expect(throws: SnapshotError.self) { try Self.load(Array(newer.utf8)) }
    #expect(error?.code == .newerReader)
    #expect(error?.description == "minimumReader: the snapshot needs reader 2, this is reader 1")
  }

  @Test func malformed() {
    for text in ["", "[]", "{", "{\"format\":1,\"format\":1}", "null", "{}"] {
      let error = #expect(throws: SnapshotError.self) { try Self.load(Array(text.utf8)) }
      #expect(error?.code == (text == "[]" || text == "null" || text == "{}" ? .invalid : .malformed))
    }
  }

  /// Any beginning of a snapshot is refused; so that the loader never trusts what the reader did not see.
  @Test func cutOff() {
    let bytes = Array(Self.document.utf8)
    for length in bytes.indices { #expect(throws: SnapshotError.self) { try Self.load(Array(bytes[..<length])) } }
  }

  @Test("members in any order")
  func order() throws {
    let document = try JSONValue(parsing: Self.document)
    let snapshot = try Self.load(Array(Self.document.utf8))
    let reversed = try Self.load(Array(Self.spelled(document).utf8))
    for index in 0..<20 {
      var context: Context = ["targetingKey": "user-\(index)", "age": 20, "country": index % 2 == 0 ? "DE" : "GB"]
      context.now = Timestamp(milliseconds: 1500)
      #expect(snapshot.evaluateAll(in: context) == reversed.evaluateAll(in: context))
    }
  }

  /// The same document with members reversed and spaces wherever they may stand.
  private static func spelled(_ value: JSONValue) -> String {
    switch value {
    case .object(let members):
      let parts = members.reversed().map { "\(JSONValue.string($0.key)) : \(spelled($0.value))" }
      return "{ " + parts.joined(separator: " ,\n") + " }"
    case .array(let elements): return "[ " + elements.map(spelled).joined(separator: " , ") + "\t]"
    default: return value.description
    }
  }

  @Test("texts with escapes are the texts that they stand for")
  func escapes() throws {
    let escaped = Self.document
      .replacing("\"user-1\"", with: "\"\\u0075ser-1\"")
      .replacing("\"off\":\"small\"", with: "\"off\":\"sm\\u0061ll\"")
      .replacing("\"seed\":\"b\"", with: "\"seed\":\"\\u0062\"")
    let one = try Self.load(Array(Self.document.utf8))
    let other = try Self.load(Array(escaped.utf8))
    for index in 0..<20 {
      var context: Context = ["targetingKey": "user-\(index)", "age": 20, "country": "GB"]
      context.now = Timestamp(milliseconds: index < 18 ? 1500 : 0)
      #expect(one.evaluateAll(in: context) == other.evaluateAll(in: context))
    }
  }

  @Test("chains of prerequisites end at the limit, and never overflow the stack", arguments: [64, 65, 5000])
  func chain(_ count: Int) throws {
    let flags = (0..<count).map { index in
      let requires = index > 0 ? "\"requires\":[{\"flag\":\"f\(index - 1)\",\"variants\":[\"on\"]}]," : ""
      return """
        "f\(index)":{"enabled":true,"off":"on","otherwise":{"variant":"on"},\(requires)"type":"boolean","variants":{"on":true}}
        """
    }
    let document = Self.wrapped("\"flags\":{\(flags.joined(separator: ","))}")
    guard count > SnapshotLimits.nesting else {
      let snapshot = try Self.load(Array(document.utf8))
      #expect(snapshot.boolean("f\(count - 1)", in: [:], default: false))
      return
    }
    let error = #expect(throws: SnapshotError.self) { try Self.load(Array(document.utf8)) }
    #expect(error?.message.contains("in a chain") == true)
  }

  @Test("segments that mention each other many times over are refused, not followed")
  func fanOut() {
    let segments = (0..<40).map { index in
      let when =
        index > 0
        ? "{\"any\":[\(mention(index)),{\"not\":\(mention(index))}]}" : "{\"attribute\":\"now\",\"op\":\"exists\"}"
      return "\"s\(index)\":{\"when\":\(when)}"
    }
    let document = Self.wrapped("\"flags\":{},\"segments\":{\(segments.joined(separator: ","))}")
    let error = #expect(throws: SnapshotError.self) { try Self.load(Array(document.utf8)) }
    #expect(error?.message.contains("steps") == true)
  }

  private func mention(_ index: Int) -> String { "{\"segment\":[\"s\(index - 1)\"]}" }

  private static func wrapped(_ members: String) -> String {
    "{\"environment\":\"e\",\(members),\"format\":1,\"minimumReader\":1,\"project\":\"p\"}"
  }

  @Test("a segment of many keys")
  func manyKeys() throws {
    let keys = (0..<50_000).map { "\"u\($0)\"" }.joined(separator: ",")
    let flag = """
      "f":{"enabled":true,"off":"off","otherwise":{"variant":"off"},"rules":[{"name":"r","serve":{"variant":"on"},\
      "when":{"segment":["s"]}}],"type":"boolean","variants":{"off":false,"on":true}}
      """
    let snapshot = try Self.load(
      Array(Self.wrapped("\"flags\":{\(flag)},\"segments\":{\"s\":{\"include\":[\(keys)]}}").utf8))
    for index in stride(from: 0, to: 60_000, by: 7) {
      #expect(snapshot.boolean("f", in: ["targetingKey": .string("u\(index)")], default: false) == (index < 50_000))
    }
  }

  @Test func typedGetters() throws {
    let variants = "\"off\":\"v\",\"otherwise\":{\"variant\":\"v\"}"
    func flag(_ type: String, _ value: String) -> String {
      "\"\(type)\":{\"enabled\":true,\(variants),\"type\":\"\(type)\",\"variants\":{\"v\":\(value)}}"
    }
    let flags = [
      flag("boolean", "true"), flag("integer", "-9007199254740991"), flag("number", "0.5"),
      flag("object", "{\"a\":[1,null]}"),
      flag("string", "\"a text that is longer than fifteen bytes\""),
    ]
    let snapshot = try Self.load(Array(Self.wrapped("\"flags\":{\(flags.joined(separator: ","))}").utf8))
    #expect(snapshot.boolean("boolean", in: [:], default: false))
    #expect(snapshot.integer("integer", in: [:], default: 0) == -9_007_199_254_740_991)
    #expect(snapshot.number("number", in: [:], default: 0) == 0.5)
    #expect(snapshot.object("object", in: [:], default: [:]) == ["a": [1, .null]])
    #expect(snapshot.string("string", in: [:], default: "") == "a text that is longer than fifteen bytes")
    // Another type, or no such flag: the default.
    #expect(snapshot.boolean("string", in: [:], default: true))
    #expect(snapshot.string("none", in: [:], default: "d") == "d")
    #expect(snapshot.number("integer", in: [:], default: 7) == 7)
    #expect(snapshot.flag("string")?.boolean(in: [:], default: true) == true)
    #expect(snapshot.flag("integer")?.integer(in: [:], default: 7) == -9_007_199_254_740_991)
    #expect(snapshot.flag("number")?.number(in: [:], default: 7) == 0.5)
    #expect(snapshot.flag("object")?.object(in: [:], default: .null)["a"]?[0] == 1)
    let mismatch = snapshot.evaluate("string", as: .boolean, in: [:])
    #expect(mismatch.errorCode == .typeMismatch && mismatch.reason == .error && mismatch.value == nil)
    #expect(snapshot.evaluate("none", in: [:]).errorCode == .flagNotFound)
    #expect(snapshot.evaluate("boolean", as: .boolean, in: [:]).reason == .static)
  }

  @Test("words of the format are the cases of the enumerations, in their order")
  func words() {
    #expect(AttributeType.allCases.map(\.name) == AttributeType.allCases.map { "\($0)" })
    #expect(FlagType.allCases.map(\.name) == FlagType.allCases.map { "\($0)" })
    for (index, op) in ConditionOperator.allCases.enumerated() {
      #expect(SnapshotNames.operators[index] == op.rawValue)
    }
    #expect(SnapshotNames.operators.count == ConditionOperator.allCases.count)
  }
}
