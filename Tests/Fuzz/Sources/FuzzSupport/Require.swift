/// Stops the fuzzer, which then keeps the input, unless `condition` holds.
package func require(_ condition: Bool, _ property: @autoclosure () -> String, line: UInt = #line) {
  if !condition { preconditionFailure("line \(line): not so: \(property())") }
}
