internal import Glibc

/// The commits of a repository as `git commit-graph write` noted them, in one file or a chain of files: for each its
/// tree, its parents and its time, without reading the commit.
///
/// Git trusts the file in the same way. What is not of the form of `gitformat-commit-graph`, version 1, is as if there
/// were no file.
final class CommitGraph: Sendable {
  /// From the oldest one on: positions count through them.
  private let layers: [Layer]

  /// The graph in a folder of objects; nil when there is none that can be read.
  ///
  /// - Parameter folder: with a slash at its end.
  init?(_ folder: String) {
    if let file = MappedFile(folder + "info/commit-graph") {
      guard let layer = Layer(file, after: 0, number: 0) else { return nil }
      layers = [layer]
      return
    }
    let chain = folder + "info/commit-graphs/"
    guard let list = MappedFile(chain + "commit-graph-chain") else { return nil }
    var layers: [Layer] = []
    for name in unsafe String(decoding: list.rest(from: 0), as: UTF8.self).split(separator: "\n") {
      guard ObjectID(hexadecimal: String(name)) != nil, let file = MappedFile("\(chain)graph-\(name).graph"),
        let layer = Layer(file, after: layers.last?.end ?? 0, number: layers.count)
      else { return nil }
      layers.append(layer)
    }
    if layers.isEmpty { return nil }
    self.layers = layers
  }

  /// The same graph for another thread, in memory once.
  init(sharing graph: CommitGraph) { layers = graph.layers.map { Layer(sharing: $0) } }

  /// What a walk needs of a commit; nil when the graph does not have the commit, or not properly.
  func header(ofCommit id: ObjectID) -> CommitHeader? { position(of: id).flatMap(commit)?.header }

  /// Where a commit is noted; nil when it is not.
  func position(of id: ObjectID) -> Int? {
    for layer in layers.reversed() {
      if let position = layer.position(of: id) { return layer.start + position }
    }
    return nil
  }

  /// What a walk needs of the commit at a position, and the positions of its parents; nil when it is not noted properly.
  func commit(at position: Int) -> (header: CommitHeader, parents: ShortList<Int>)? {
    guard let layer = layer(at: position), let commit = layer.commit(at: position - layer.start) else { return nil }
    var parents: ShortList<ObjectID> = []
    for parent in commit.parents {
      guard let layer = self.layer(at: parent) else { return nil }
      parents.append(layer.id(at: parent - layer.start))
    }
    let id = layer.id(at: position - layer.start)
    return (CommitHeader(id: id, tree: commit.tree, parents: parents, seconds: commit.seconds), commit.parents)
  }

  /// Which paths differ between the commit at a position and its first parent; nil when nobody noted that.
  func changedPaths(at position: Int) -> ChangedPaths? {
    layer(at: position).flatMap { $0.changedPaths(at: position - $0.start) }
  }

  private func layer(at position: Int) -> Layer? { layers.first { $0.start <= position && position < $0.end } }
}

/// One file of a commit-graph.
private final class Layer: Sendable {
  /// The position of its first commit among those of all files.
  let start: Int
  /// The position behind its last commit.
  let end: Int
  private let file: MappedFile
  private let fanout: Int
  private let ids: Int
  private let commits: Int
  /// Further parents of merges of more than two.
  private let edges: Range<Int>
  private let filters: Filters?

  /// The Bloom filters of the commits, as `git commit-graph write --changed-paths` adds them.
  private struct Filters {
    /// Where it is said where each filter ends.
    var ends: Int
    var data: Range<Int>
    var form: ChangedPaths.Form
  }

  private static let noParent = 0x7000_0000
  private static let mark = 0x8000_0000

  /// - Parameters:
  ///   - start: how many commits the files before have.
  ///   - number: how many files are before.
  init?(_ file: MappedFile, after start: Int, number: Int) {
    // `CGPH`, version 1, SHA-1.
    guard file.count >= 8 + 12 + 20, file.number(at: 0) == 0x4347_5048 as UInt32, file[4] == 1, file[5] == 1,
      Int(file[7]) == number, let chunks = Self.chunks(of: file), let fanout = chunks["OIDF"], fanout.count == 1024,
      let count = file.count(ofFanout: fanout.lowerBound), let ids = chunks["OIDL"], ids.count == 20 * count,
      let commits = chunks["CDAT"], commits.count == 36 * count
    else { return nil }
    self.file = file
    self.start = start
    end = start + count
    self.fanout = fanout.lowerBound
    self.ids = ids.lowerBound
    self.commits = commits.lowerBound
    edges = chunks["EDGE"] ?? 0..<0
    filters = Self.filters(in: chunks, of: file, count)
  }

  init(sharing layer: Layer) {
    (start, end, fanout, ids, commits) = (layer.start, layer.end, layer.fanout, layer.ids, layer.commits)
    (edges, filters) = (layer.edges, layer.filters)
    file = MappedFile(sharing: layer.file)
  }

  private static func filters(in chunks: [String: Range<Int>], of file: MappedFile, _ count: Int) -> Filters? {
    guard let ends = chunks["BIDX"], ends.count == 4 * count, let data = chunks["BDAT"], data.count >= 12 else {
      return nil
    }
    let numbers = (0..<3).map { Int(file.number(at: data.lowerBound + 4 * $0, as: UInt32.self)) }
    // Both versions of the hash are the same for ASCII.
    guard (1...2).contains(numbers[0]), (1...64).contains(numbers[1]), (1...64).contains(numbers[2]) else { return nil }
    return Filters(
      ends: ends.lowerBound, data: data.lowerBound + 12..<data.upperBound,
      form: ChangedPaths.Form(hashes: numbers[1], bitsPerPath: numbers[2]))
  }

  func changedPaths(at position: Int) -> ChangedPaths? {
    guard let filters else { return nil }
    let start = filters.data.lowerBound + (position == 0 ? 0 : number(filters.ends + 4 * (position - 1)))
    let end = filters.data.lowerBound + number(filters.ends + 4 * position)
    guard start < end, end <= filters.data.upperBound else { return nil }
    return ChangedPaths(file, start..<end, filters.form)
  }

  /// Where each part of the file lies; nil when that is not said properly.
  private static func chunks(of file: MappedFile) -> [String: Range<Int>]? {
    let count = Int(file[6])
    guard 8 + 12 * (count + 1) + 20 <= file.count else { return nil }
    var chunks: [String: Range<Int>] = [:]
    for entry in (0..<count).map({ 8 + 12 * $0 }) {
      let name = unsafe String(decoding: file.rest(from: entry).prefix(4), as: UTF8.self)
      guard let start = Int(exactly: file.number(at: entry + 4, as: UInt64.self)),
        let end = Int(exactly: file.number(at: entry + 16, as: UInt64.self)), start <= end, end <= file.count - 20
      else { return nil }
      chunks[name] = start..<end
    }
    return chunks
  }

  func position(of id: ObjectID) -> Int? { file.position(of: id, fanout: fanout, ids: ids) }

  func id(at position: Int) -> ObjectID { file.id(at: ids + 20 * position) }

  /// What is noted of a commit, its parents by their positions among those of all files.
  func commit(at position: Int) -> (tree: ObjectID, parents: ShortList<Int>, seconds: Int64)? {
    let record = commits + 36 * position
    let (first, second) = (number(record + 20), number(record + 24))
    var parents: ShortList<Int> = []
    if first != Self.noParent { parents.append(first) }
    if second & Self.mark != 0 {
      var edge = edges.lowerBound + 4 * (second & ~Self.mark)
      while true {
        guard edge + 4 <= edges.upperBound else { return nil }
        let parent = number(edge)
        parents.append(parent & ~Self.mark)
        if parent & Self.mark != 0 { break }
        edge += 4
      }
    } else if second != Self.noParent {
      parents.append(second)
    }
    // The upper 30 bits are the generation.
    let seconds = file.number(at: record + 28, as: UInt64.self) & 0x3_FFFF_FFFF
    return (file.id(at: record), parents, Int64(seconds))
  }

  private func number(_ offset: Int) -> Int { Int(file.number(at: offset, as: UInt32.self)) }
}
