internal import FlagSource
package import Git
internal import Glibc

/// Reads flags trees of many commits: only the files that a question is about, each of them once.
///
/// It owns the repository, so it belongs to one thread. What it remembers is bounded, however long the history is.
package final class TreeExplorer {
  /// The repository whose commits are read.
  package let repository: Repository
  /// The path of the flags tree from the top of the repository; empty for the top itself.
  package let folder: String

  /// What stands before the paths of the tree's files.
  private var prefix: String { folder.isEmpty ? "" : folder + "/" }

  /// The flags trees of commits' trees.
  private var flagsTrees = GenerationalCache<ObjectID, ObjectID?>(capacity: 10_000)
  private var folders = GenerationalCache<ObjectID, Folder>(capacity: 100_000)
  /// What explorers on several threads have read for each other.
  let shared: SharedFolders
  /// Whether what this explorer reads is for others, too.
  var isSharing = false
  /// The folders that it is still to read for them, the next one last.
  var unshared: [ObjectID] = []
  private var manifests = GenerationalCache<ObjectID?, ManifestReading>(capacity: 100)
  private var flags = GenerationalCache<Inputs, FlagReading>(capacity: 2_000)
  private var segments = GenerationalCache<Inputs, SegmentReading>(capacity: 2_000)

  /// Where the files of flags lie.
  var locations = GenerationalCache<Location, [FoundFile]>(capacity: 10_000)
  /// The manifests' files by their trees.
  var manifestFiles = GenerationalCache<ObjectID, FoundFile?>(capacity: 10_000)

  /// What was read last of flags or segments, and of which files.
  private var latest: (manifest: ObjectID?, files: FoundFiles, reading: TreeReading)?

  /// What another explorer has read of the trees that are compared next.
  var ahead = ReadTrees()

  /// The allowed-signers files by their blobs.
  var allowedSigners = GenerationalCache<ObjectID, AllowedSigners.Reading>(capacity: 10)

  /// Nil until many folders and files are to be read: a short answer needs no large pages.
  private var heap: LargePages.Heap?

  /// A flag in a tree.
  struct Location: Hashable {
    var key: String
    var tree: ObjectID
    /// The environments that were searched; nil for all.
    var environments: Set<String>?

    /// Adds what differs between most of them.
    func hash(into hasher: inout Hasher) {
      hasher.combine(key)
      hasher.combine(tree)
    }
  }

  /// What a reading depends on, and nothing else.
  private struct Inputs: Hashable {
    var key: String
    /// Of a flag, the environments that were asked about; nil for all.
    var environments: Set<String>?
    var manifest: ObjectID?
    var files: [FoundFile]

    /// Adds what differs between most of them.
    func hash(into hasher: inout Hasher) {
      hasher.combine(key)
      for file in files { hasher.combine(file.id) }
    }
  }

  /// - Parameter folder: as ``Git/Repository/pathInWorkTree(of:)`` gives it.
  package init(_ repository: consuming Repository, folder: String) {
    self.repository = repository
    self.folder = folder
    shared = SharedFolders()
  }

  /// - Parameters:
  ///   - repository: the same as another explorer's, opened by this thread.
  ///   - folder: that explorer's.
  ///   - shared: that explorer's.
  init(_ repository: consuming Repository, folder: String, _ shared: SharedFolders) {
    self.repository = repository
    self.folder = folder
    self.shared = shared
  }

  /// Prepares the heap of the thread that calls, once, for the folders and files of many commits.
  func prepareHeap() {
    if heap == nil { heap = LargePages.Heap() }
  }

  /// The flags tree of a commit with this tree; nil where there is no such folder.
  package func flagsTree(in tree: ObjectID) throws(GitError) -> ObjectID? {
    guard let entry = try repository.entry(at: folder, inTree: tree), entry.kind == .tree else { return nil }
    return entry.id
  }

  /// The flags trees of a commit and its parents.
  func flagsTrees(of step: CommitWalk.Step) throws(GitError) -> FlagsTrees {
    let own = try knownFlagsTree(in: step.commit.tree)
    var parents: [ObjectID?] = []
    for parent in step.parentTrees { parents.append(try knownFlagsTree(in: parent)) }
    return FlagsTrees(own: own, parents: parents)
  }

  private func knownFlagsTree(in tree: ObjectID) throws(GitError) -> ObjectID? {
    if let known = flagsTrees.value(for: tree) { return known }
    let found = try flagsTree(in: tree)
    flagsTrees.remember(found, for: tree)
    return found
  }

  // MARK: Folders

  /// A folder by its object.
  func contents(of tree: ObjectID) throws(GitError) -> Folder {
    if let known = folders.value(for: tree, size: \.size) { return known }
    let folder: Folder
    if let read = shared[tree] {
      folder = read
    } else {
      folder = Folder(try repository.index(ofTree: tree))
      if isSharing { isSharing = shared.add(folder, tree) }
    }
    folders.remember(folder, for: tree, size: folder.size)
    return folder
  }

  /// Notes what folders had in an older tree, where that is known of a newer one: what differs says the rest.
  func followFolders(_ delta: TreeDelta) {
    for difference in delta.folders where folders.value(for: difference.before, size: \.size) == nil {
      let after = folders.value(for: difference.after, size: \.size) ?? shared[difference.after]
      guard let before = after?.before(difference.entries) else { continue }
      folders.remember(before, for: difference.before, size: before.size)
    }
  }

  /// The folder at a name of another one.
  func subfolder(_ name: String, of tree: ObjectID?) throws(GitError) -> ObjectID? {
    guard let tree else { return nil }
    return try contents(of: tree).folders.first { $0.name == name }?.id
  }

  /// Every file of this name below a folder, in no particular order.
  private func find(
    _ name: TreeIndex.Name, below tree: ObjectID, at path: String
  ) throws(GitError) -> [FoundFile] {
    let folder = try contents(of: tree)
    var found = folder.file(name).map { [FoundFile(path: path + $0.name, kind: $0.kind, id: $0.id)] } ?? []
    for inner in folder.folders {
      for var file in try find(name, below: inner.id, at: "") {
        file.path = path + inner.name + "/" + file.path
        found.append(file)
      }
    }
    return found
  }

  // MARK: Flags

  /// The keys of all flags of a tree, those without a definition too.
  func flagKeys(of tree: ObjectID?) throws(GitError) -> Set<String> {
    var keys: Set<String> = []
    for name in ["definitions", "environments"] {
      if let folder = try subfolder(name, of: tree) { try collectKeys(below: folder, into: &keys) }
    }
    return keys
  }

  /// The keys of all segments of a tree.
  func segmentKeys(of tree: ObjectID?) throws(GitError) -> Set<String> {
    var keys: Set<String> = []
    if let folder = try subfolder("segments", of: tree) { try collectKeys(below: folder, into: &keys) }
    return keys
  }

  private func collectKeys(below tree: ObjectID, into keys: inout Set<String>) throws(GitError) {
    let folder = try contents(of: tree)
    for file in folder.files { if let key = Self.key(ofFile: file.name) { keys.insert(key) } }
    for inner in folder.folders { try collectKeys(below: inner.id, into: &keys) }
  }

  /// The key that a file's name gives; nil when it is no file of a flag or segment.
  static func key(ofFile name: String) -> String? { name.hasSuffix(".yaml") ? String(name.dropLast(5)) : nil }

  /// The manifest of a tree; an empty one where there is no tree.
  func manifest(of tree: ObjectID?) throws(GitError) -> ManifestReading {
    guard let tree else { return .absent }
    let file = try manifestFile(of: tree)
    if let known = manifests.value(for: file?.id) { return known }
    var files = FoundFiles()
    let bytes = try file.map { file throws(GitError) in try self.bytes(of: file) } ?? []
    if let file { files.add(file, bytes) }
    let reading = ManifestReading(
      Self.inMemory { () throws(FileAccessError) in try TreeReader.read(files) }, bytes, prefix: prefix)
    manifests.remember(reading, for: file?.id)
    return reading
  }

  private static let manifestName = TreeIndex.Name("ensign.yaml")

  func manifestFile(of tree: ObjectID) throws(GitError) -> FoundFile? {
    if let known = manifestFiles.value(for: tree) { return known }
    let entry = try contents(of: tree).file(Self.manifestName)
    let file = entry.map { FoundFile(path: $0.name, kind: $0.kind, id: $0.id) }
    manifestFiles.remember(file, for: tree)
    return file
  }

  /// What a tree says of some flags.
  ///
  /// - Parameter environments: where the readings are asked for states; nil for everywhere.
  func flags(
    _ keys: some Collection<String>, in tree: ObjectID?, only environments: Set<String>? = nil
  ) throws(GitError) -> [String: FlagReading] {
    guard let tree else { return Dictionary(uniqueKeysWithValues: keys.map { ($0, FlagReading.absent) }) }
    return try readings(
      of: keys, in: tree, only: environments, from: &flags,
      filesOf: { key throws(GitError) in try files(ofFlag: key, in: tree, only: environments) },
      make: {
        FlagReading($0.key, in: $1, files: $0.files, manifest: $2, only: $0.environments, prefix: prefix)
      })
  }

  /// The files of a flag, sorted by path.
  ///
  /// - Parameter environments: those whose configs matter; nil for all.
  func files(
    ofFlag key: String, in tree: ObjectID, only environments: Set<String>? = nil
  ) throws(GitError) -> [FoundFile] {
    let location = Location(key: key, tree: tree, environments: environments)
    if let known = locations.value(for: location) { return known }
    if let environments, let known = locations.value(for: Location(key: key, tree: tree)) {
      return known.filter { file in file.environment.map(environments.contains) ?? true }
    }
    var found: [FoundFile] = []
    let file = TreeIndex.Name(key + ".yaml")
    // The definitions last: another thread may be reading them for this one.
    if let folder = try subfolder("environments", of: tree) {
      if let environments {
        for environment in try contents(of: folder).folders where environments.contains(environment.name) {
          found += try find(file, below: environment.id, at: "environments/\(environment.name)/")
        }
      } else {
        found = try find(file, below: folder, at: "environments/")
      }
    }
    if let folder = try subfolder("definitions", of: tree) {
      found += try find(file, below: folder, at: "definitions/")
    }
    let files = Self.sorted(found)
    locations.remember(files, for: location)
    return files
  }

  /// Notes where a flag's files lie in an older tree, when that is known of a newer one: what differs says the rest.
  ///
  /// A search looks into every folder; this spares it for all trees but the newest.
  ///
  /// - Parameter environments: those outside of which none of the flag's files differs; nil for all.
  func follow(
    _ key: String, from newer: ObjectID?, to older: ObjectID?, by delta: TreeDelta,
    only environments: Set<String>? = nil
  ) {
    guard let newer, let older else { return }
    if !delta.hasManifest { followManifest(from: newer, to: older) }
    let differences = delta.flagFiles[key] ?? []
    let gone = Set(differences.lazy.filter { $0.after != nil }.map(\.path))
    for searched in environments == nil ? [nil] : [nil, environments] {
      let place = Location(key: key, tree: newer, environments: searched)
      guard let known = locations.value(for: place) else { continue }
      let files =
        known.filter { !gone.contains($0.path) }
        + differences.compactMap(\.before)
      locations.remember(Self.sorted(files), for: Location(key: key, tree: older, environments: searched))
    }
  }

  /// Notes that a flag's files and the manifest lie in an older tree where they do in a newer one.
  func follow(_ key: String, from newer: ObjectID, toUnchanged older: ObjectID) {
    followManifest(from: newer, to: older)
    guard let known = locations.value(for: Location(key: key, tree: newer)) else { return }
    locations.remember(known, for: Location(key: key, tree: older))
  }

  private func followManifest(from newer: ObjectID, to older: ObjectID) {
    if let known = manifestFiles.value(for: newer) { manifestFiles.remember(known, for: older) }
  }

  /// What a tree says of some segments.
  func segments(_ keys: some Collection<String>, in tree: ObjectID?) throws(GitError) -> [String: SegmentReading] {
    guard let tree, let folder = try subfolder("segments", of: tree) else {
      return Dictionary(uniqueKeysWithValues: keys.map { ($0, SegmentReading.absent) })
    }
    return try readings(
      of: keys, in: tree, from: &segments,
      filesOf: { key throws(GitError) in try files(ofSegment: key, in: folder) },
      make: { SegmentReading($0.key, in: $1, files: $0.files, manifest: $2, prefix: prefix) })
  }

  /// The files of a segment with the lists of keys that it may name, sorted by path.
  private func files(ofSegment key: String, in segments: ObjectID) throws(GitError) -> [FoundFile] {
    var found = try find(TreeIndex.Name(key + ".yaml"), below: segments, at: "segments/")
    for file in found { found += try lists(namedBy: file, in: segments) }
    return Self.sorted(found)
  }

  /// The files beside a segment's whose names stand in it somewhere: one of them may be its list of targeting keys.
  private func lists(namedBy file: FoundFile, in segments: ObjectID) throws(GitError) -> [FoundFile] {
    guard file.kind != .tree, file.kind != .submodule else { return [] }
    var tree = segments
    let path = file.path.split(separator: "/").dropFirst().dropLast()
    for name in path {
      guard let inner = try contents(of: tree).folders.first(where: { $0.name == name }) else { return [] }
      tree = inner.id
    }
    // A file with a NUL, where the search ends, is refused anyway.
    let text = String(decoding: try bytes(of: file), as: UTF8.self)
    let prefix = (["segments"] + path).joined(separator: "/") + "/"
    return try contents(of: tree).files.filter { entry in
      prefix + entry.name != file.path && strstr(text, entry.name) != nil
    }.map { FoundFile(path: prefix + $0.name, kind: $0.kind, id: $0.id) }
  }

  // MARK: Files

  /// Reads the files of keys, all that are not known yet at once.
  ///
  /// - Parameters:
  ///   - known: the readings that are remembered; new ones are added.
  ///   - filesOf: the files of a key.
  ///   - make: takes out of what was read what one key is about.
  private func readings<Reading>(
    of keys: some Collection<String>, in tree: ObjectID, only environments: Set<String>? = nil,
    from known: inout GenerationalCache<Inputs, Reading>,
    filesOf: (String) throws(GitError) -> [FoundFile], make: (Inputs, TreeReading, ManifestReading) -> Reading
  ) throws(GitError) -> [String: Reading] {
    let manifest = try manifest(of: tree)
    let manifestFile = try manifestFile(of: tree)
    var readings: [String: Reading] = [:]
    var missing: [Inputs] = []
    var files = FoundFiles()
    for key in keys {
      let inputs = Inputs(
        key: key, environments: environments, manifest: manifestFile?.id, files: try filesOf(key))
      if let reading = known.value(for: inputs) {
        readings[key] = reading
      } else {
        missing.append(inputs)
        for file in inputs.files { try add(file, to: &files) }
      }
    }
    if missing.isEmpty { return readings }
    if let manifestFile { files.add(manifestFile, manifest.bytes) }
    let read = read(files, manifestFile?.id, manifest)
    for inputs in missing {
      let reading = make(inputs, read, manifest)
      known.remember(reading, for: inputs)
      readings[inputs.key] = reading
    }
    return readings
  }

  private static func sorted(_ files: [FoundFile]) -> [FoundFile] {
    files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
  }

  private func add(_ file: FoundFile, to files: inout FoundFiles) throws(GitError) {
    files.add(file, try bytes(of: file))
  }

  /// The content of a file; nothing, for what is refused unread.
  ///
  /// It is cut off far beyond what any file may have, which is noticed when it is read.
  func bytes(of file: FoundFile) throws(GitError) -> [UInt8] {
    guard file.isRegular else { return [] }
    if let bytes = ahead.contents[file.id] { return bytes }
    return try repository.withBlob(file.id) { Array($0.prefix(Self.greatestSize + 1)) }
  }

  private static let greatestSize = 64 << 20

  /// Reads files that have the manifest with them.
  ///
  /// Where they are those that were read last, but for the contents of some, only these are read.
  private func read(_ files: FoundFiles, _ manifest: ObjectID?, _ known: ManifestReading) -> TreeReading {
    let reading: TreeReading
    if let latest, latest.manifest == manifest, let changed = files.changes(of: latest.files) {
      reading = Self.inMemory { () throws(FileAccessError) in try TreeReader.read(changed, after: latest.reading) }
    } else {
      reading = Self.inMemory { () throws(FileAccessError) in
        try TreeReader.read(files, withManifestOf: known.reading)
      }
    }
    latest = (manifest, files, reading)
    return reading
  }

  /// Reads files that are in memory, which cannot fail.
  private static func inMemory(_ read: () throws(FileAccessError) -> TreeReading) -> TreeReading {
    do {
      return try read()
    } catch {
      preconditionFailure("files in memory can always be listed and read: \(error.message)")
    }
  }
}
