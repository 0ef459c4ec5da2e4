/// A snapshot as the first reader that comes to mind holds it: structs, arrays and strings.
struct PlainSnapshot {
  var project = ""
  var environment = ""
  var format = 0
  var minimumReader = 0
  var hidden: [String] = []
  var attributes: [(String, String)] = []
  var flags: [(String, PlainFlag)] = []
  var segments: [(String, PlainSegment)] = []
}

/// A flag of a plain snapshot.
struct PlainFlag {
  var isEnabled = false
  var from: Int?
  var until: Int?
  var type = ""
  var off = ""
  var kind = ""
  var owner = ""
  var tags: [String] = []
  var variants: [(String, PlainValue)] = []
  var requires: [(flag: String, variants: [String])] = []
  var targets: [(variant: String, keys: [String])] = []
  var rules: [PlainRule] = []
  var otherwise = PlainServe()
}

/// A segment of a plain snapshot.
struct PlainSegment {
  var include: [String] = []
  var exclude: [String] = []
  var when: PlainCondition?
}

/// A rule of a plain snapshot.
struct PlainRule {
  var name = ""
  var serve = PlainServe()
  var share: PlainServe?
  var when: PlainCondition?
}

/// A serve or a share of a plain snapshot.
struct PlainServe {
  var algorithm = ""
  var by = ""
  var seed = ""
  var variant = ""
  var from = ""
  var shape = ""
  var buckets = 0
  var ranges: [(variant: String, from: Int, to: Int)] = []
  var steps: [(at: Int, buckets: Int)] = []
}

/// A condition of a plain snapshot.
struct PlainCondition {
  var attribute = ""
  var op = ""
  var values: [PlainValue] = []
  var ignoresCase = false
  var all: [PlainCondition] = []
  var any: [PlainCondition] = []
  /// The condition that is negated, alone.
  var not: [PlainCondition] = []
  var segments: [String] = []
}

/// A JSON value of a plain snapshot.
enum PlainValue {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([PlainValue])
  case object([(String, PlainValue)])
}
