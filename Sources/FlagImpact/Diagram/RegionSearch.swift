/// Looks for regions in which a diagram decides in some way, or in which two diagrams differ, until one will do.
final class RegionSearch {
  private let space: Space
  private let limit: Int
  private var diagram: Diagram { space.diagram }

  /// Whether the budget ended before everything was looked at.
  private(set) var isCutShort = false

  /// - Parameter limit: the steps of the diagram at which to stop.
  init(_ space: Space, limit: Int) {
    self.space = space
    self.limit = limit
  }

  /// Calls `body` with disjoint regions in which a node comes to one of some terminals, until it returns true.
  ///
  /// - Returns: whether it did.
  func first(
    of node: Diagram.Node, in region: Region, where hits: (Int32) -> Bool, _ body: (Region) -> Bool
  ) -> Bool {
    guard diagram.steps < limit else {
      isCutShort = true
      return false
    }
    diagram.begin()
    let node = diagram.simplify(node, in: region)
    guard diagram.terminals(of: node).contains(where: hits) else { return false }
    guard let atom = diagram.firstAtom(node) else { return body(region) }
    let (inside, outside) = diagram.split(region, by: atom)
    return first(of: node, in: inside, where: hits, body) || first(of: node, in: outside, where: hits, body)
  }

  /// Calls `body` with disjoint regions in which two nodes come to different terminals, until it returns true.
  ///
  /// - Returns: whether it did.
  func firstDifference(
    _ left: Diagram.Node, _ right: Diagram.Node, in region: Region, _ body: (Region) -> Bool
  ) -> Bool {
    guard diagram.steps < limit else {
      isCutShort = true
      return false
    }
    diagram.begin()
    let left = diagram.simplify(left, in: region)
    let right = diagram.simplify(right, in: region)
    guard left != right else { return false }
    let atom = diagram.attributeAtom(left, right) ?? diagram.firstAtom(left) ?? diagram.firstAtom(right)
    guard let atom else { return body(region) }
    let (inside, outside) = diagram.split(region, by: atom)
    return firstDifference(left, right, in: inside, body) || firstDifference(left, right, in: outside, body)
  }
}
