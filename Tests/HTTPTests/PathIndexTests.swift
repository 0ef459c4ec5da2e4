import Testing

@testable import HTTP

@Suite struct PathIndexTests {
  private func place(_ path: String, in index: PathIndex) -> Int? {
    Array(path.utf8).withUnsafeBytes { index.place(of: $0) }
  }

  @Test(arguments: [0, 1, 3, 4, 5, 1000])
  func `Finds the paths that it has, and no others`(count: Int) {
    let paths = (0..<count).map { "/v1/environments/\($0)/latest.json" }
    let index = PathIndex(paths)
    for (number, path) in paths.enumerated() {
      #expect(place(path, in: index) == number)
      for other in [path + "/", path + "\0", String(path.dropLast()), path.uppercased()] {
        #expect(place(other, in: index) == nil)
      }
    }
    #expect(place("", in: index) == nil)
  }
}
