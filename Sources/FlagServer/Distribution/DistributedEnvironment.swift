internal import Compression
internal import Ensign
internal import HTTP

/// An environment as it is handed out: what is evaluated, and the bytes of it.
struct DistributedEnvironment: Sendable {
  /// What is evaluated.
  var served: ServedEnvironment
  /// The manifest; nil on a developer's machine, where nothing is signed.
  let manifest: Manifest?
  /// The signed manifest, for `latest.json`.
  let latest: Resource?
  /// The snapshot under its digest.
  let blob: Resource
  /// The snapshot under the name of the environment.
  let current: Resource

  /// Prepares a verified snapshot for being handed out.
  ///
  /// - Parameters:
  ///   - blob: the resource of the same snapshot, if there is one already.
  ///   - fields: fields of every response.
  init(
    _ served: ServedEnvironment, manifest: (manifest: Manifest, envelope: [UInt8])?,
    reusing known: DistributedEnvironment?, fields: [(name: String, value: String)]
  ) throws(HTTPServerError) {
    self.served = served
    self.manifest = manifest?.manifest
    latest = try manifest.map { (manifest) throws(HTTPServerError) in
      try Resource(
        SharedBytes(manifest.envelope), tag: SHA256.hexadecimal(manifest.envelope),
        fields: Self.json("max-age=10, stale-if-error=86400") + fields)
    }
    if let known, known.served.sha256 == served.sha256 {
      (blob, current) = (known.blob, known.current)
      return
    }
    let bytes = SharedBytes(served.bytes)
    let compressed = Self.compressed(served.bytes)
    blob = try Resource(
      bytes, compressed: compressed, tag: served.sha256, fields: Self.json("max-age=31536000, immutable") + fields,
      acceptsRanges: true)
    current = try Resource(
      bytes, compressed: compressed, tag: served.sha256, fields: Self.json("max-age=10") + fields, acceptsRanges: true)
  }

  /// The fields of a JSON document that may be kept for a time.
  static func json(_ caching: String) -> [(name: String, value: String)] {
    [("Content-Type", "application/json"), ("Cache-Control", caching)]
  }

  /// The codings in which bytes are smaller.
  private static func compressed(_ bytes: [UInt8]) -> [Resource.Coding: SharedBytes] {
    var compressed: [Resource.Coding: SharedBytes] = [:]
    if let gzip = try? Gzip.compress(bytes), gzip.count < bytes.count { compressed[.gzip] = SharedBytes(gzip) }
    if let zstandard = try? Zstandard.compress(bytes), zstandard.count < bytes.count {
      compressed[.zstandard] = SharedBytes(zstandard)
    }
    return compressed
  }
}
