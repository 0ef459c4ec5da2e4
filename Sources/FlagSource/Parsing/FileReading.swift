internal import YAML

/// Reads files of a tree on one thread: bytes, document, model, one file after the other.
struct FileReading {
  private let entries: [FileEntry]
  private let attributes: AttributeTypes
  private var reader: any FlagFileReader
  private var bytes: [UInt8] = []
  private var goodPatterns: Set<String> = []
  /// What was read so far.
  var part = TreePart()

  init(entries: [FileEntry], attributes: AttributeTypes, reader: any FlagFileReader) {
    self.entries = entries
    self.attributes = attributes
    self.reader = reader
  }

  /// Reads the manifest.
  mutating func readManifest(_ index: Int) -> FileParser.ManifestReading {
    var parser = parser(index)
    guard let document = document(index, &parser) else {
      keep(&parser)
      return FileParser.ManifestReading(manifest: nil, hasAllAttributes: false, hasAllOwners: false)
    }
    let reading = parser.manifest(document.root)
    keep(&parser)
    return reading
  }

  /// Reads one file into ``part``.
  mutating func read(_ index: Int, as role: FileRole) {
    let entry = entries[index]
    switch role {
    case .definition: readDefinition(index, key: FileRole.key(of: entry.path))
    case .config:
      let environment = String(decoding: FileRole.environment(of: entry.path), as: UTF8.self)
      readConfig(index, flag: FileRole.key(of: entry.path), environment: environment)
    case .segment: readSegment(index, key: FileRole.key(of: entry.path))
    case .tests: readTests(index)
    case .manifest, .other, .wrongExtension, .misplaced: break
    }
  }

  private mutating func readDefinition(_ index: Int, key: String) {
    var parser = parser(index, flag: key)
    parser.checkKey(key, of: "a flag's key")
    if let document = document(index, &parser), let definition = parser.definition(document.root, key: key) {
      part.definitions.append(definition)
    }
    if parser.isBroken { part.broken.definitions.insert(key) }
    keep(&parser)
  }

  private mutating func readConfig(_ index: Int, flag: String, environment: String) {
    var parser = parser(index, flag: flag, environment: environment)
    parser.checkKey(flag, of: "a flag's key")
    if let document = document(index, &parser),
      let config = parser.config(document.root, flag: flag, environment: environment)
    {
      part.configs.append(config)
    }
    if parser.isBroken { part.broken.configs[environment, default: []].insert(flag) }
    keep(&parser)
  }

  private mutating func readSegment(_ index: Int, key: String) {
    var parser = parser(index)
    parser.checkKey(key, of: "a segment's key")
    if let document = document(index, &parser), let (found, includeFrom) = parser.segment(document.root, key: key) {
      var segment = found
      if let includeFrom { segment.includeFrom = includedKeys(includeFrom, beside: index, &parser) }
      part.segments.append(segment)
    }
    if parser.isBroken { part.broken.segments.insert(key) }
    keep(&parser)
  }

  private mutating func readTests(_ index: Int) {
    var parser = parser(index)
    if let document = document(index, &parser) { part.tests += parser.tests(document.root) }
    keep(&parser)
  }

  private mutating func parser(_ index: Int, flag: String? = nil, environment: String? = nil) -> FileParser {
    var parser = FileParser(
      file: FileReference(index: index), flag: flag, environment: environment, attributes: attributes)
    swap(&parser.goodPatterns, &goodPatterns)
    return parser
  }

  /// Takes over what a parser found, and what it has learnt about patterns.
  private mutating func keep(_ parser: inout FileParser) {
    swap(&parser.goodPatterns, &goodPatterns)
    if goodPatterns.count > Self.greatestNumberOfPatterns { goodPatterns.removeAll() }
    part.findings += parser.findings
  }

  private static let greatestNumberOfPatterns = 10_000

  /// Reads a file as YAML, and the comments that take findings back.
  private mutating func document(_ index: Int, _ parser: inout FileParser) -> Document? {
    let limits = Limits()
    do throws(FileAccessError) {
      try reader.read(entries[index], limit: limits.bytes, into: &bytes)
    } catch {
      let help = "split it; long lists of targeting keys belong into a text file, see `includeFrom`"
      let place = Place.start(of: parser.file)
      parser.report(
        error.code == .tooLarge
          ? .excessiveFile(limit: limits.bytes, help: help, at: place) : .unreadableFile(error, at: place))
      return nil
    }
    let (document, errors) = Document.parse(bytes, limits: limits)
    for error in errors { parser.report(.yaml(error, in: parser.file)) }
    if let document { part.suppressions += Suppression.find(in: bytes, of: parser.file, document: document) }
    return document
  }
}

// MARK: - Lists of targeting keys

extension FileReading {
  private mutating func includedKeys(
    _ name: Located<String>, beside index: Int, _ parser: inout FileParser
  ) -> Segment.IncludedKeys? {
    let path = entries[index].path
    let folder = path[...(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)]
    let place = parser.place(name.range)
    guard let found = position(of: folder + name.value.utf8) else {
      let neighbours = neighbours(in: folder).filter { $0 != FileRole.key(of: path) + ".yaml" }
      let nearest = NearestName.find(name.value, among: neighbours)
      parser.report(.missingInclude(name.value, nearest: nearest, at: place))
      return nil
    }
    // A link has its own finding.
    guard entries[found].kind != .symbolicLink else { return nil }
    guard entries[found].kind == .file else {
      parser.report(.unreadableInclude(name.value, "it is not a regular file", at: place))
      return nil
    }
    var content: [UInt8] = []
    do throws(FileAccessError) {
      try reader.read(entries[found], limit: IncludedKeys.greatestSize, into: &content)
    } catch {
      parser.report(.unreadableInclude(name.value, error.message, at: place))
      return nil
    }
    let file = FileReference(index: found)
    let (keys, findings) = IncludedKeys.read(content, file: file)
    for finding in findings { parser.report(finding) }
    return findings.isEmpty ? Segment.IncludedKeys(name: name, file: file, bytes: content, keys: keys) : nil
  }

  /// The position of the file at `path`.
  private func position(of path: ArraySlice<UInt8>) -> Int? {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].path.lexicographicallyPrecedes(path) { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].path.elementsEqual(path) ? low : nil
  }

  /// The names of the files in a folder, which ends in a slash.
  private func neighbours(in folder: ArraySlice<UInt8>) -> [String] {
    entries.lazy.map(\.path).filter { $0.starts(with: folder) && !$0[folder.count...].contains(UInt8(ascii: "/")) }
      .map { String(decoding: $0[folder.count...], as: UTF8.self) }
  }
}

extension FileParser {
  /// Checks the key that a file's name gives.
  mutating func checkKey(_ key: String, of subject: String) {
    guard let problem = KeyCharacters.problem(in: key) else { return }
    report(.invalidName(key, problem: problem, of: subject, at: .start(of: file)))
  }
}
