internal import Ensign

/// Looks for descriptions of groups of contexts by the segments that they are in.
///
/// Segments are inlined for the analysis, so that a group is a set of boxes of cells. Where it is proven that the group is
/// what some segments and one box have in common, that can be said in one line.
final class SegmentDescriptions {
  /// A part of a group, with its description and the disjoint regions that it is made of.
  typealias Part = (description: GroupDescription, regions: [Region])

  private let space: Space
  private let builder: DecisionBuilder
  private let candidates: [Candidate]
  /// The steps of the diagram at which to give up.
  private let limit: Int

  private struct Candidate {
    let membership: Membership
    let condition: Diagram.Condition
  }

  private var diagram: Diagram { space.diagram }

  /// Steps for the descriptions of one flag: some hundredths of a second.
  private static let maximumSteps = 200_000
  /// Flags that use more segments, and groups of more boxes, are described without them.
  private static let maximumSegments = 16
  private static let maximumBoxes = 128
  /// In so many lines at most.
  private static let maximumLines = 3

  init(_ space: Space, _ builder: DecisionBuilder) {
    self.space = space
    self.builder = builder
    limit = space.diagram.steps + Self.maximumSteps
    let keys = space.needs.segments[0].union(space.needs.segments[1]).sorted(by: ExactText.precedes)
    let isComplete = space.attributes.allSatisfy(\.isComplete)
    candidates = keys.isEmpty || keys.count > Self.maximumSegments || !isComplete ? [] : Self.candidates(keys, builder)
  }

  private static func candidates(_ keys: [String], _ builder: DecisionBuilder) -> [Candidate] {
    let diagram = builder.space.diagram
    var candidates: [Candidate] = []
    for key in keys {
      let conditions = builder.memberships(ofSegment: key)
      guard let before = conditions.first, let after = conditions.last else { continue }
      let both =
        before == after
        ? [(Membership.Kind.member, after), (.stranger, diagram.not(after))]
        : [
          (.newcomer, diagram.all([diagram.not(before), after])), (.leaver, diagram.all([before, diagram.not(after)])),
        ]
      candidates += both.map { Candidate(membership: Membership(segment: key, kind: $0.0), condition: $0.1) }
    }
    // A group is told for a while, and a segment may be another one at each moment.
    return candidates.filter { candidate in
      !diagram.atoms(of: diagram.test(candidate.condition, diagram.terminal(0), diagram.terminal(1))).contains {
        diagram.atoms[$0].axis == 0
      }
    }
  }

  // MARK: Descriptions

  /// Describes the group of contexts that regions make up, at least one of its parts by segments.
  ///
  /// - Returns: disjoint parts that together are the group; nil when no such description was found.
  func parts(_ regions: [Region]) -> [Part]? {
    guard !candidates.isEmpty, regions.count <= Self.maximumBoxes else { return nil }
    let group = diagram.any(regions.map { condition(box: $0) })
    return parts(of: group, regions, count: Self.maximumLines)
  }

  private func parts(of group: Diagram.Condition, _ regions: [Region], count: Int) -> [Part]? {
    if let description = description(of: group, regions) { return [(description, regions)] }
    guard count > 1, regions.count > 1 else { return nil }
    for candidate in candidates where candidate.membership.kind != .stranger {
      let inside = diagram.all([group, candidate.condition])
      let outside = diagram.all([group, diagram.not(candidate.condition)])
      guard let inner = self.regions(of: inside, at: regions[0]), let outer = self.regions(of: outside, at: regions[0]),
        !inner.isEmpty, !outer.isEmpty, let first = description(of: inside, inner),
        let rest = parts(of: outside, outer, count: count - 1)
      else { continue }
      return [(first, inner)] + rest
    }
    return nil
  }

  /// A group as what segments and one box have in common.
  private func description(of group: Diagram.Condition, _ regions: [Region]) -> GroupDescription? {
    var members = candidates.filter { isEmpty(diagram.all([group, diagram.not($0.condition)])) }
    guard var box = regions.first else { return nil }
    for region in regions { for word in box.indices { box[word] |= region[word] } }
    func isGroup(_ members: [Candidate], _ box: Region) -> Bool {
      let common = diagram.all(members.map(\.condition) + [condition(box: box)])
      return isEmpty(diagram.all([common, diagram.not(group)]))
    }
    guard isGroup(members, box) else { return nil }
    // What the segments say already need not be said again.
    for axis in 1..<space.firstHash where !members.isEmpty && !space.layout.isFull(axis, in: box) {
      var wider = box
      for word in space.layout.words(of: axis) { wider[word] = space.everything[word] }
      if isGroup(members, wider) { box = wider }
    }
    // What contexts are not is said only where needed.
    for kind in [Membership.Kind.stranger, .member, .leaver, .newcomer] {
      for index in members.indices.reversed() where members[index].membership.kind == kind {
        var fewer = members
        fewer.remove(at: index)
        if isGroup(fewer, box) { members = fewer }
      }
    }
    return .region(memberships: members.map(\.membership), box: box)
  }

  // MARK: Sets of contexts

  private func condition(box: Region) -> Diagram.Condition {
    diagram.all((1..<space.firstHash).map { space.condition(axis: $0, in: box) })
  }

  /// Whether no context has a condition; false too when that is not proven.
  private func isEmpty(_ condition: Diagram.Condition) -> Bool {
    let search = RegionSearch(space, limit: limit)
    let isFound = search.first(of: node(condition), in: space.everything, where: Self.isInside) { _ in true }
    return !isFound && !search.isCutShort
  }

  /// Disjoint regions that together are a condition, at the time of another region; nil when there are too many.
  private func regions(of condition: Diagram.Condition, at other: Region) -> [Region]? {
    let search = RegionSearch(space, limit: limit)
    var regions: [Region] = []
    let isTooLarge = search.first(of: node(condition), in: space.everything, where: Self.isInside) {
      [layout = space.layout] found in
      var region = found
      for word in layout.words(of: 0) { region[word] = other[word] }
      regions.append(region)
      return regions.count > Self.maximumBoxes
    }
    return isTooLarge || search.isCutShort ? nil : regions
  }

  private static func isInside(_ terminal: Int32) -> Bool { terminal == 0 }

  private func node(_ condition: Diagram.Condition) -> Diagram.Node {
    diagram.test(condition, diagram.terminal(0), diagram.terminal(1))
  }
}
