extension Manifest {
  /// Reads a payload, whose signatures are the caller's to verify.
  public init(payload: [UInt8]) throws(VerificationError) {
    let reader = try PayloadReader(document: payload, type: "manifest")
    project = try reader.string("project")
    environment = try reader.string("environment")
    epoch = try reader.integer("epoch")
    sequence = try reader.integer("sequence")
    created = try reader.timestamp("created")
    expires = try reader.timestamp("expires")
    guard expires > created else { throw reader.wrong("expires", "later than 'created'") }
    let source = try reader.object("source")
    self.source = Source(
      commit: try source.hexadecimal("commit", lengths: [40, 64]),
      tree: try source.hexadecimal("tree", lengths: [40, 64]), ref: try source.string("ref"))
    let compiler = try reader.object("compiler")
    self.compiler = Compiler(name: try compiler.string("name"), version: try compiler.string("version"))
    snapshot = try Self.readSnapshot(try reader.object("snapshot"))
    previous = nil
    if reader.value["previous"] != nil {
      let previous = try reader.object("previous")
      self.previous = Previous(
        sequence: try previous.integer("sequence"), sha256: try previous.hexadecimal("sha256", lengths: [64]))
    }
    isDirty = false
    if let dirty = reader.value["dirty"] {
      guard let dirty = dirty.boolean else { throw reader.wrong("dirty", "true or false") }
      isDirty = dirty
    }
  }

  private static func readSnapshot(_ reader: PayloadReader) throws(VerificationError) -> SnapshotReference {
    let reference = SnapshotReference(
      sha256: try reader.hexadecimal("sha256", lengths: [64]), size: try reader.integer("size"),
      flags: try reader.integer("flags", minimum: 0), minimumReader: try reader.integer("minimumReader"))
    guard reference.size <= SnapshotLimits.size else {
      throw VerificationError(
        .oversized, "the manifest names a snapshot of \(reference.size) bytes; at most \(SnapshotLimits.size) are read")
    }
    return reference
  }

  /// The canonical bytes that are signed.
  public var payload: [UInt8] {
    var members: [JSONValue.Member] = [
      .init(key: "type", value: "manifest"), .init(key: "v", value: 1), .init(key: "project", value: .string(project)),
      .init(key: "environment", value: .string(environment)), .init(key: "epoch", value: .integer(Int64(epoch))),
      .init(key: "sequence", value: .integer(Int64(sequence))),
      .init(key: "created", value: .string(Clocks.text(created))),
      .init(key: "expires", value: .string(Clocks.text(expires))),
      .init(
        key: "source",
        value: .object([
          .init(key: "commit", value: .string(source.commit)), .init(key: "tree", value: .string(source.tree)),
          .init(key: "ref", value: .string(source.ref)),
        ])),
      .init(
        key: "compiler",
        value: .object([
          .init(key: "name", value: .string(compiler.name)), .init(key: "version", value: .string(compiler.version)),
        ])),
      .init(
        key: "snapshot",
        value: .object([
          .init(key: "sha256", value: .string(snapshot.sha256)),
          .init(key: "size", value: .integer(Int64(snapshot.size))),
          .init(key: "flags", value: .integer(Int64(snapshot.flags))),
          .init(key: "minimumReader", value: .integer(Int64(snapshot.minimumReader))),
        ])),
    ]
    if let previous {
      members.append(
        .init(
          key: "previous",
          value: .object([
            .init(key: "sequence", value: .integer(Int64(previous.sequence))),
            .init(key: "sha256", value: .string(previous.sha256)),
          ])))
    }
    if isDirty { members.append(.init(key: "dirty", value: true)) }
    return JSONValue.object(members).canonicalBytes
  }
}
