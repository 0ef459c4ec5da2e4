import Foundation
import SeededRandom
import Testing

@testable import Git

@Suite("Packs")
struct PackTests {
  /// A history of folders with hundreds of files, of which each commit changes, renames or removes a few, packed by stock
  /// git.
  private func packed(seed: UInt64, commits: Int = 60) throws -> TemporaryRepository {
    let temporary = try TemporaryRepository()
    var random = SplitMix64(seed: seed)
    var stream = ""
    var paths: Set<String> = []
    for number in 0..<commits {
      stream += "commit refs/heads/main\ncommitter A <a@example.com> \(1_700_000_000 + number * 60) +0000\ndata 1\nx\n"
      for _ in 0..<(number == 0 ? 600 : 1 + Int(random.next() % 3)) {
        let name = 100 + Int(random.next() % 400)
        let file = "file-\(name)\(String(repeating: "x", count: name % 5)).yaml"
        let path = "top/\(random.next() % 2)/folder-\(random.next() % 2)/\(file)"
        if number > 0, random.next() % 5 == 0 {
          stream += "D \(path)\n"
          paths.remove(path)
        } else if number > 0, random.next() % 2 == 0, let present = paths.sorted().randomElement(using: &random) {
          // Often of the same length, and with the same content.
          stream += "R \(present) \(path)\n"
          paths.remove(present)
          paths.insert(path)
        } else {
          paths.insert(path)
          let text = "\(random.next())\n"
          stream += "M \(random.next() % 9 == 0 ? "100755" : "100644") inline \(path)\ndata \(text.utf8.count)\n\(text)"
        }
      }
    }
    try temporary.git("fast-import", "--quiet", "--force", input: stream)
    try temporary.git("repack", "-a", "-d", "-f", "--quiet", "--depth=\(seed % 2 == 0 ? 50 : 5)")
    return temporary
  }

  @Test("have the trees that git lists, and they differ in what git says", arguments: UInt64(0)..<8)
  func trees(seed: UInt64) throws {
    let temporary = try packed(seed: seed)
    let repository = try Repository(discovering: temporary.folder)
    let commits = try temporary.git("log", "--format=%H").split(separator: "\n").map(String.init)
    #expect(commits.count == 60)
    // A process for each commit would take longer than all else.
    let listings = try sections(
      temporary.git(
        "-c", "alias.list=!git log --format=%H | while read c; do echo =; git ls-tree -r -t $c; done", "list"))
    let changes = try sections(temporary.git("log", "--format=tformat:=", "-r", "-t", "--no-renames", "--name-only"))
    for (number, (commit, parent)) in zip(commits, commits.dropFirst()).enumerated()
    where Effort.isThorough || number % 4 == Int(seed % 4) {
      let trees = try [parent, commit].map {
        try repository.header(ofCommit: #require(ObjectID(hexadecimal: $0))).tree
      }
      let listed = listings[number].map { line in
        let parts = line.split(whereSeparator: \.isWhitespace)
        return "\(parts[2]) \(parts[3])"
      }
      #expect(try entries(of: trees[1], "", repository) == listed)
      #expect(
        try differences(trees[0], trees[1], "", repository).sorted() == Set(changes[number].map(String.init)).sorted())
    }
  }

  /// The lines of each commit, behind a line of its own.
  private func sections(_ text: String) -> [[Substring]] {
    text.split(separator: "\n").split(separator: "=", omittingEmptySubsequences: false).dropFirst().map(Array.init)
  }

  private func entries(of tree: ObjectID, _ path: String, _ repository: borrowing Repository) throws -> [String] {
    var lines: [String] = []
    let index = try repository.index(ofTree: tree)
    #expect(index.entries == (try repository.entries(ofTree: tree)))
    #expect(index.count == index.entries.count)
    #expect(index.folders == index.entries.filter { $0.kind == .tree })
    #expect(index.entry(named: TreeIndex.Name("")) == nil)
    for entry in try repository.entries(ofTree: tree) {
      #expect(index.entry(named: TreeIndex.Name(entry.name)) == entry)
      #expect(index.entry(named: TreeIndex.Name(entry.name + "-other")) == nil)
      lines.append("\(entry.id) \(path)\(entry.name)")
      if entry.kind == .tree { lines += try entries(of: entry.id, "\(path)\(entry.name)/", repository) }
    }
    return lines
  }

  private func differences(
    _ before: ObjectID?, _ after: ObjectID?, _ path: String, _ repository: borrowing Repository
  ) throws -> [String] {
    var paths: [String] = []
    for difference in try repository.differences(of: before, after) {
      paths.append(path + difference.name)
      let (old, new) = (difference.before, difference.after)
      if old?.kind == .tree || new?.kind == .tree {
        paths += try differences(
          old?.kind == .tree ? old?.id : nil, new?.kind == .tree ? new?.id : nil, path + difference.name + "/",
          repository)
      }
    }
    return paths
  }

  @Test("have objects in the same places, looked up together or alone", arguments: UInt64(0)..<2)
  func together(seed: UInt64) throws {
    let temporary = try packed(seed: seed)
    let reader = PackReader(temporary.folder + "/.git/objects/")
    let pack = try #require(reader.packs.first)
    var random = SplitMix64(seed: seed)
    let listed = try temporary.git("cat-file", "--batch-all-objects", "--batch-check=%(objectname)")
    var ids = listed.split(separator: "\n").compactMap { ObjectID(hexadecimal: String($0)) }
    #expect(ids.count > 800)
    // Others begin as those do, or in any way.
    for id in ids.shuffled(using: &random).prefix(300) {
      ids += [id.description.dropLast(2) + "00", "\(random.next() % 10)" + id.description.dropFirst()]
        .compactMap { ObjectID(hexadecimal: String($0)) }
    }
    ids.shuffle(using: &random)
    let found = pack.entries(of: ids)
    #expect(found.count == ids.count)
    for (id, found) in zip(ids, found) {
      #expect(found?.offset == pack.offset(of: id))
      #expect((found?.entry.start ?? 0) > (found?.offset ?? -1))
    }
    #expect(found.count { $0 != nil } > 800)
    #expect(found.count { $0 == nil } > 300)
    #expect(pack.entries(of: []).isEmpty)
  }

  @Test("that are damaged are errors, in every tree and commit that is in them")
  func damage() throws {
    let temporary = try packed(seed: 1, commits: 12)
    let folder = temporary.folder + "/.git/objects/pack"
    let name = try #require(FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".pack") })
    let path = folder + "/" + name
    try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
    let whole = try Data(contentsOf: URL(filePath: path))
    let listing = try temporary.git("verify-pack", "-v", String(path.dropLast(5)) + ".idx")
    var tried = 0
    for line in listing.split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard parts.count >= 5, ["tree", "commit"].contains(parts[1]), let id = ObjectID(hexadecimal: String(parts[0])),
        let size = Int(parts[3]), let offset = Int(parts[4])
      else { continue }
      var damaged = whole
      // The last byte of the checksum.
      damaged[offset + size - 1] ^= 1
      try damaged.write(to: URL(filePath: path))
      let repository = try Repository(discovering: temporary.folder)
      #expect(throws: GitError.self, "\(line)") {
        if parts[1] == "tree" {
          _ = try repository.entries(ofTree: id)
        } else {
          _ = try repository.header(ofCommit: id)
        }
      }
      tried += 1
    }
    #expect(tried > 40)
  }
}
