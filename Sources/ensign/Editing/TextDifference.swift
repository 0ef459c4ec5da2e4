/// A unified difference of two texts, as `diff -u` and `git diff` write it.
struct TextDifference {
  private let old: [Substring]
  private let new: [Substring]

  /// - Parameters:
  ///   - before: nil for a new file.
  ///   - after: nil for one that goes.
  init(_ before: [UInt8]?, _ after: [UInt8]?) {
    old = Self.lines(before)
    new = Self.lines(after)
  }

  /// Lines with their breaks.
  private static func lines(_ bytes: [UInt8]?) -> [Substring] {
    let text = String(decoding: bytes ?? [], as: UTF8.self)
    var lines: [Substring] = []
    var rest = text.unicodeScalars[...]
    while let feed = rest.firstIndex(of: "\n") {
      let next = text.unicodeScalars.index(after: feed)
      lines.append(Substring(rest[..<next]))
      rest = rest[next...]
    }
    if !rest.isEmpty { lines.append(Substring(rest)) }
    return lines
  }

  /// One line of the difference, by its number on both sides from 0.
  private struct Line {
    var sign: Character
    var text: Substring
    var old: Int
    var new: Int
  }

  private static let context = 3

  /// The difference, without the lines that name the files.
  ///
  /// Empty when there is none.
  var text: String {
    let all = lines
    let changed = all.indices.filter { all[$0].sign != " " }
    var text = ""
    var index = 0
    while index < changed.count {
      var last = index
      while last + 1 < changed.count, changed[last + 1] - changed[last] <= 2 * Self.context { last += 1 }
      let start = max(changed[index] - Self.context, 0)
      text += hunk(all[start...min(changed[last] + Self.context, all.count - 1)])
      index = last + 1
    }
    return text
  }

  private var lines: [Line] {
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var lines: [Line] = []
    var (left, right) = (0, 0)
    while left < old.count || right < new.count {
      if left < old.count, removed.contains(left) {
        lines.append(Line(sign: "-", text: old[left], old: left, new: right))
        left += 1
      } else if right < new.count, inserted.contains(right) {
        lines.append(Line(sign: "+", text: new[right], old: left, new: right))
        right += 1
      } else {
        lines.append(Line(sign: " ", text: old[left], old: left, new: right))
        left += 1
        right += 1
      }
    }
    return lines
  }

  private func hunk(_ lines: ArraySlice<Line>) -> String {
    guard let first = lines.first else { return "" }
    let (before, after) = (lines.count { $0.sign != "+" }, lines.count { $0.sign != "-" })
    var text = "@@ -\(Self.range(first.old, before)) +\(Self.range(first.new, after)) @@\n"
    for line in lines {
      text += "\(line.sign)\(line.text)"
      if line.text.unicodeScalars.last != "\n" { text += "\n\\ No newline at end of file\n" }
    }
    return text
  }

  /// A line's number and how many follow; of none the line before counts.
  private static func range(_ start: Int, _ count: Int) -> String {
    let first = count == 0 ? start : start + 1
    return count == 1 ? "\(first)" : "\(first),\(count)"
  }
}
