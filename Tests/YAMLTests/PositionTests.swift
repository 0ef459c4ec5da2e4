import Testing
import YAML

@Suite("Positions")
struct PositionTests {
  @Test("a block of everything")
  func block() {
    let text = """
      # comment
      a:
        - 1
        - "é" # comment
        -
      literal: |
        x
          y

      folded: >-  # comment

      flow: {b: [c, d], e: , f}
      empty:
      multi: one
        two

      last: [x: y]
      """
    #expect(outline(text).contains("17:17"))
  }
}
