internal import Ensign
internal import FlagSource

/// Spells a resolved snapshot as canonical JSON: the compiler's last stage, with nothing left to decide.
///
/// Members are written in the order of their names, empty ones are left out; the format is specified in the
/// documentation of the runtime library.
package struct SnapshotWriter {
  private var json: CanonicalJSON

  /// The bytes of a snapshot.
  ///
  /// - Parameters:
  ///   - capacity: about how many bytes it takes. Growing a buffer of megabytes copies it, and memory that is not used is
  ///     not there.
  ///   - flags: writes all flags in their order.
  package static func write(
    _ frame: ResolvedFrame, capacity: Int, flags: (inout SnapshotWriter) -> Void
  ) -> [UInt8] {
    var writer = SnapshotWriter(CanonicalJSON(capacity: capacity))
    writer.write(frame, flags)
    return writer.json.bytes
  }

  /// A writer of some configs, for ``append(_:)-(ResolvedConfig)``.
  ///
  /// - Parameter capacity: about how many bytes they take.
  init(capacity: Int) { json = CanonicalJSON(capacity: capacity) }

  private init(_ json: CanonicalJSON) { self.json = json }

  /// Writes the next flag.
  package mutating func append(_ flag: ResolvedFlag) { write(flag) }

  /// Writes the next flag, of what is written already.
  mutating func append(
    _ key: String, _ definition: (first: ArraySlice<UInt8>, last: ArraySlice<UInt8>),
    _ config: (first: ArraySlice<UInt8>, last: ArraySlice<UInt8>)
  ) {
    json.key(key)
    json.beginObject()
    json.append(canonical: config.first)
    json.append(canonical: definition.first)
    json.append(canonical: config.last)
    json.append(canonical: definition.last)
    json.endObject()
  }

  /// Writes the next flag, whose definition is written already.
  mutating func append(
    _ key: String, _ definition: (first: ArraySlice<UInt8>, last: ArraySlice<UInt8>), _ config: ResolvedConfig
  ) {
    json.key(key)
    json.beginObject()
    writeFirst(of: config)
    json.append(canonical: definition.first)
    writeLast(of: config)
    json.append(canonical: definition.last)
    json.endObject()
  }

  /// Writes what a config says: what stands before the words of its flag's definition, and what between them.
  mutating func append(_ config: ResolvedConfig) -> MemberPairs.Place {
    let start = json.bytes.count
    json.beginMembers()
    writeFirst(of: config)
    let middle = json.bytes.count
    json.beginMembers()
    writeLast(of: config)
    return MemberPairs.Place(start: start, middle: middle, end: json.bytes.count)
  }

  /// Begins an object of flags in the memory of what was written before, which goes.
  mutating func beginPart() {
    json.removeAll()
    json.beginObject()
  }

  /// Ends the object that ``beginPart()`` began.
  mutating func endPart() { json.endObject() }

  /// The bytes that were written.
  var bytes: [UInt8] { json.bytes }

  /// Their number.
  var size: Int { json.bytes.count }

  /// The bytes of an object with one member: the flag, as it stands among a snapshot's flags.
  static func write(_ flag: ResolvedFlag) -> [UInt8] {
    var writer = SnapshotWriter(CanonicalJSON(capacity: 512))
    writer.json.beginObject()
    writer.write(flag)
    writer.json.endObject()
    return writer.json.bytes
  }

  /// The bytes of an object with one member: the segment, as it stands among a snapshot's segments.
  static func write(_ segment: ResolvedSegment) -> [UInt8] {
    var writer = SnapshotWriter(CanonicalJSON(capacity: 512))
    writer.json.beginObject()
    writer.write(segment)
    writer.json.endObject()
    return writer.json.bytes
  }

  private mutating func write(_ frame: ResolvedFrame, _ flags: (inout SnapshotWriter) -> Void) {
    json.beginObject()
    if !frame.attributes.isEmpty {
      json.key(literal: "attributes")
      json.beginObject()
      for attribute in frame.attributes {
        json.key(attribute.name)
        json.append(attribute.type.rawValue)
      }
      json.endObject()
    }
    json.member(literal: "environment", frame.environment)
    json.key(literal: "flags")
    json.beginObject()
    flags(&self)
    json.endObject()
    json.key(literal: "format")
    json.append(SnapshotCompiler.format)
    json.key(literal: "minimumReader")
    json.append(SnapshotCompiler.minimumReader)
    strings("private", frame.privateAttributes)
    json.member(literal: "project", frame.project)
    if !frame.segments.isEmpty {
      json.key(literal: "segments")
      json.beginObject()
      for segment in frame.segments { write(segment) }
      json.endObject()
    }
    json.endObject()
  }

  private mutating func write(_ flag: ResolvedFlag) {
    let definition = flag.definition
    append(definition.key, (definition.first[...], definition.last[...]), flag.config)
  }

  private mutating func writeFirst(of config: ResolvedConfig) { write(config.enabled) }

  private mutating func writeLast(of config: ResolvedConfig) {
    json.key(literal: "otherwise")
    write(config.otherwise)
    writeRequirements(of: config)
    if !config.rules.isEmpty {
      json.key(literal: "rules")
      json.beginArray()
      for rule in config.rules { write(rule) }
      json.endArray()
    }
    writeTargets(of: config)
  }

  private mutating func write(_ enabled: ResolvedConfig.Enabled) {
    json.key(literal: "enabled")
    switch enabled {
    case .always: json.append(true)
    case .never: json.append(false)
    case .between(let from, let until):
      json.beginObject()
      if let from { member("from", from) }
      if let until { member("until", until) }
      json.endObject()
    }
  }

  private mutating func writeRequirements(of config: ResolvedConfig) {
    guard !config.requires.isEmpty else { return }
    json.key(literal: "requires")
    json.beginArray()
    for requirement in config.requires {
      json.beginObject()
      json.member(literal: "flag", requirement.flag)
      strings("variants", requirement.variants)
      json.endObject()
    }
    json.endArray()
  }

  private mutating func writeTargets(of config: ResolvedConfig) {
    guard !config.targets.isEmpty else { return }
    json.key(literal: "targets")
    json.beginArray()
    for target in config.targets {
      json.beginObject()
      strings("keys", target.keys)
      json.member(literal: "variant", target.variant)
      json.endObject()
    }
    json.endArray()
  }

  private mutating func write(_ rule: ResolvedRule) {
    json.beginObject()
    json.member(literal: "name", rule.name)
    json.key(literal: "serve")
    write(rule.serve)
    if let share = rule.share {
      json.key(literal: "share")
      json.beginObject()
      json.member(literal: "algorithm", Bucketing.algorithm)
      json.key(literal: "buckets")
      json.append(share.buckets)
      json.member(literal: "by", share.hashing.by)
      json.member(literal: "seed", share.hashing.seed)
      json.endObject()
    }
    if let condition = rule.when {
      json.key(literal: "when")
      json.append(canonical: condition)
    }
    json.endObject()
  }

  private mutating func write(_ serve: ResolvedServe) {
    json.beginObject()
    switch serve {
    case .variant(let name): json.member(literal: "variant", name)
    case .ranges(let ranges, let hashing):
      json.member(literal: "algorithm", Bucketing.algorithm)
      json.member(literal: "by", hashing.by)
      json.key(literal: "ranges")
      write(ranges)
      json.member(literal: "seed", hashing.seed)
    case .ramp(let ramp, let hashing):
      json.member(literal: "algorithm", Bucketing.algorithm)
      json.member(literal: "by", hashing.by)
      json.key(literal: "ramp")
      write(ramp)
      json.member(literal: "seed", hashing.seed)
    }
    json.endObject()
  }

  private mutating func write(_ ranges: [ResolvedServe.Range]) {
    json.beginArray()
    for range in ranges {
      json.beginArray()
      json.append(range.variant)
      json.append(range.from)
      json.append(range.to)
      json.endArray()
    }
    json.endArray()
  }

  private mutating func write(_ ramp: ResolvedServe.Ramp) {
    json.beginObject()
    json.member(literal: "from", ramp.from)
    json.member(literal: "shape", ramp.shape.rawValue)
    json.key(literal: "steps")
    json.beginArray()
    for step in ramp.steps {
      json.beginArray()
      json.append(step.at.milliseconds)
      json.append(step.buckets)
      json.endArray()
    }
    json.endArray()
    json.member(literal: "variant", ramp.variant)
    json.endObject()
  }

  private mutating func write(_ segment: ResolvedSegment) {
    json.key(segment.key)
    json.beginObject()
    write("exclude", segment.exclude)
    write("include", segment.include)
    if let condition = segment.when {
      json.key(literal: "when")
      json.append(canonical: condition)
    }
    json.endObject()
  }

  private mutating func write(_ name: StaticString, _ keys: SegmentKeys) {
    guard !keys.isEmpty else { return }
    json.key(literal: name)
    json.beginArray()
    for place in keys.places { json.append(String(decoding: keys.bytes[place], as: UTF8.self)) }
    json.endArray()
  }

  private mutating func member(_ name: StaticString, _ instant: Timestamp) {
    json.key(literal: name)
    json.append(instant.milliseconds)
  }

  /// Writes a list of strings unless it is empty.
  private mutating func strings(_ name: StaticString, _ values: [String]) {
    guard !values.isEmpty else { return }
    json.key(literal: name)
    json.array(nil, values) { $0.append($1) }
  }
}
