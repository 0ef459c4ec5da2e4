import Ensign
import FuzzSupport

/// Any bytes are a snapshot or refused; what loads evaluates for any context, prepared or not, to the same, and the trace
/// says so, too.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSnapshot(_ start: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: size))
  if let value = try? JSONValue(parsing: bytes) {
    let canonical = value.canonicalBytes
    require((try? JSONValue(parsing: canonical))?.canonicalBytes == canonical, "canonical bytes read back")
  }
  let loaded = try? Snapshot(bytes)
  for size in [1, 3] {
    let isSound = (try? SnapshotParts(bytes, partsOf: size).check()) != nil
    require(isSound == (loaded != nil), "what parts are found to be, the whole is")
  }
  guard let snapshot = loaded else { return 0 }
  for context in Contexts.all {
    let prepared = snapshot.prepare(context)
    for evaluation in snapshot.evaluateAll(in: context) {
      require(evaluation.value != nil, "\(evaluation.flag) has a value")
      require(snapshot.evaluate(evaluation.flag, in: prepared) == evaluation, "\(evaluation.flag) prepared")
      require(snapshot.trace(evaluation.flag, in: context)?.evaluation == evaluation, "\(evaluation.flag) traced")
    }
  }
  return 0
}

private enum Contexts {
  static let all: [Context] = {
    var full: Context = [
      "targetingKey": "user-1", "age": 20, "country": "DE", "ip": "10.1.2.3", "version": "1.2.3-a.1", "since": 5,
      "x": "2026-12-01T09:00:00Z",
    ]
    var wrong: Context = ["targetingKey": 1, "age": "20", "country": ["DE"], "ip": "::", "version": "1", "x": 0.5]
    var empty = Context()
    full.now = Timestamp(milliseconds: 1500)
    wrong.now = Timestamp(milliseconds: 0)
    empty.now = Timestamp(milliseconds: 2_000_000_000_000)
    return [full, wrong, empty]
  }()
}
