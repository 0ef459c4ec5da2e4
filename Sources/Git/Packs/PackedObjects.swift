internal import CDeflate

/// The objects in the packs of a repository, read as a walk through the history needs them: see ``PackReader``.
///
/// A structure, so that a read is one access to all of it and not one to each of its parts, which Swift would all check
/// for overlaps.
@safe struct PackedObjects: ~Copyable {
  private let folder: String
  private var opened: [Pack]?
  /// Nil when there was no memory for it: then nothing is found here.
  private let decompressor: OpaquePointer?
  private var known = PackCache(limit: 24 << 20)
  /// The changes to an object, decompressed; used again for the next one.
  private var changes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 4096)
  private var recipe = ObjectRecipe()
  /// The objects to make by changing others, the last one first; empty but while an object is read.
  private var deltas: [(place: Place, entry: Pack.Entry)] = []
  /// The last trees that were asked for.
  private var recentTrees = LatestByID<Object>(count: 256)
  /// The last commits: who walks over one tells of it a little later.
  private var recentCommits = LatestByID<Object>(count: 64)
  /// The pack that had the last object.
  private var latest = 0
  /// Where objects are that will be asked for, and how they begin.
  private var upcoming = LatestByID<(place: Place, entry: Pack.Entry)>(count: 512)

  typealias Object = PackReader.Object
  typealias Place = PackReader.Place

  /// What the packs in a folder of objects have, which are opened when they are first needed.
  ///
  /// - Parameter folder: with a slash at its end.
  init(_ folder: String) {
    self.folder = folder
    unsafe decompressor = libdeflate_alloc_decompressor()
  }

  /// Reads packs that another thread's reader has opened, so that they are in memory once.
  mutating func share(_ packs: [Pack]) { opened = packs.map { Pack(sharing: $0) } }

  /// The packs, in a fixed order.
  mutating func packs() -> [Pack] {
    if let opened { return opened }
    let packs = Self.paths(in: folder + "pack/").compactMap { Pack($0) }
    opened = packs
    return packs
  }

  deinit {
    unsafe libdeflate_free_decompressor(decompressor)
    unsafe changes.deallocate()
  }

  /// The paths of the packs with an index, without endings, in a fixed order.
  private static func paths(in folder: String) -> [String] {
    folderNames(of: folder).filter { $0.hasSuffix(".idx") }.map { folder + $0.dropLast(4) }
  }

  /// The object with an id, nil when the packs do not have it whole, or it has more bytes than `limit`.
  mutating func object(_ id: ObjectID, limit: Int = .max) -> Object? {
    if let object = recentTrees[id] ?? recentCommits[id] { return object.content.count <= limit ? object : nil }
    guard let object = search(id, limit: limit) else { return nil }
    switch object.type {
    case .tree: recentTrees[id] = object
    case .commit: recentCommits[id] = object
    default: break
    }
    return object
  }

  /// Finds out where objects are that will be asked for, all together: for one after the other, the processor would wait
  /// for the memory each time.
  mutating func lookUp(_ ids: [ObjectID]) {
    guard ids.count > 2, latest < packs().count else { return }
    let wanted = ids.filter { !recentTrees.contains($0) }
    for case (let id, .some(let found)) in zip(wanted, packs()[latest].entries(of: wanted)) {
      upcoming[id] = (Place(pack: latest, offset: found.offset), found.entry)
    }
  }

  private mutating func search(_ id: ObjectID, limit: Int) -> Object? {
    let packs = packs()
    if let (place, entry) = upcoming[id] { return object(at: place, entry, in: packs[place.pack], limit: limit) }
    for step in packs.indices {
      let number = step == 0 ? latest : (latest + step) % packs.count
      let pack = packs[number]
      guard let offset = pack.offset(of: id) else { continue }
      latest = number
      return object(at: Place(pack: number, offset: offset), nil, in: pack, limit: limit)
    }
    return nil
  }

  /// - Parameter entry: what is at the place; nil where it has not been looked at.
  private mutating func object(at place: Place, _ entry: Pack.Entry?, in pack: Pack, limit: Int) -> Object? {
    var (place, seen) = (place, entry)
    deltas.removeAll(keepingCapacity: true)
    var object: Object
    while true {
      if let found = known.object(at: place) {
        object = found
        break
      }
      guard let entry = seen ?? pack.entry(at: place.offset), entry.size <= Self.greatestSize else { return nil }
      if case .whole(let type) = entry.content {
        guard entry.size <= limit || !deltas.isEmpty else { return nil }
        let content = unsafe ObjectContent(count: entry.size) { unsafe inflate(entry, of: pack, to: $0) }
        guard let content else { return nil }
        object = Object(type: type, content: content)
        remember(object, place, isBase: !deltas.isEmpty)
        break
      }
      // Git makes no longer chains; one that is longer may be a ring.
      guard case .delta(let base) = entry.content, deltas.count < 4096 else { return nil }
      deltas.append((place, entry))
      (place.offset, seen) = (base, nil)
    }
    while let (place, entry) = deltas.popLast() {
      guard let content = applied(entry, of: pack, to: object.content) else { return nil }
      object.content = content
      remember(object, place, isBase: !deltas.isEmpty)
    }
    return object.content.count <= limit ? object : nil
  }

  /// - Parameter isBase: whether another object is made of this one, and so others may be.
  private mutating func remember(_ object: Object, _ place: Place, isBase: Bool) {
    if object.type == .tree || isBase && object.content.count <= Self.greatestBase {
      known.remember(object, at: place)
    }
  }

  /// Larger files are not remembered: they would take the place of hundreds of folders.
  private static let greatestBase = 1 << 16

  private static let greatestSize = 256 << 20

  /// An object made by changing another one.
  private mutating func applied(_ entry: Pack.Entry, of pack: Pack, to base: ObjectContent) -> ObjectContent? {
    if unsafe entry.size > changes.count {
      unsafe changes.deallocate()
      unsafe changes = .allocate(capacity: entry.size)
    }
    recipe.removeAll()
    guard let start = unsafe changes.baseAddress, unsafe inflate(entry, of: pack, to: start) else { return nil }
    let changes = unsafe UnsafeBufferPointer(start: start, count: entry.size)
    guard unsafe PackDelta(changes).write(&recipe, of: base, limit: Self.greatestSize) else { return nil }
    return unsafe ObjectContent(recipe, of: base, changedBy: changes)
  }

  /// Decompresses an entry.
  ///
  /// - Parameter target: has place for the entry's size.
  /// - Returns: Whether there are as many bytes as the entry says, with the right checksum.
  private func inflate(_ entry: Pack.Entry, of pack: Pack, to target: UnsafeMutablePointer<UInt8>) -> Bool {
    guard let decompressor = unsafe decompressor else { return false }
    let source = unsafe pack.compressed(from: entry.start)
    // Other entries follow: that not all of the source is read is right. Without a place for the size, it must be exact.
    var read = 0
    return unsafe libdeflate_zlib_decompress_ex(
      decompressor, source.baseAddress, source.count, target, entry.size, &read, nil) == LIBDEFLATE_SUCCESS
  }
}
