/// Columns of text under headings.
struct Table {
  let headings: [String]
  private(set) var rows: [[String]] = []

  init(_ headings: [String]) {
    self.headings = headings
  }

  /// - Parameter row: a cell for each heading.
  mutating func add(_ row: [String]) {
    rows.append(row)
  }

  /// The table, its columns as wide as their widest cell, two spaces apart.
  ///
  /// A cell is one line, and a terminal obeys nothing in it.
  func rendered(_ style: Style) -> String {
    var widths = headings.map(\.unicodeScalars.count)
    for row in rows {
      for (column, cell) in row.enumerated() { widths[column] = max(widths[column], cell.unicodeScalars.count) }
    }
    var text = line(headings, widths).isEmpty ? "" : style.bold(line(headings, widths)) + "\n"
    for row in rows { text += line(row, widths) + "\n" }
    return text
  }

  private func line(_ cells: [String], _ widths: [Int]) -> String {
    var line = ""
    for (column, cell) in cells.enumerated() {
      line += cell.printable
      if column < cells.count - 1 {
        line += String(repeating: " ", count: widths[column] - cell.unicodeScalars.count + 2)
      }
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}
