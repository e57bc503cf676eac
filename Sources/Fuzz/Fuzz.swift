import Glibc

/// What libFuzzer calls with each input; the reader is chosen once, by `QA_FUZZ`.
///
/// A reader may refuse whatever it is given. It must not trap, hang or write where it should not: the
/// sanitizers that `script/fuzz` builds with see to that.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  reader(UnsafeRawBufferPointer(start: data, count: count))
  return 0
}

private let reader: Readers.Reader = {
  let name = getenv("QA_FUZZ").map { String(cString: $0) } ?? ""
  guard let reader = Readers.named[name] else {
    let names = Readers.named.keys.sorted().joined(separator: ", ")
    fatalError("QA_FUZZ is '\(name)'; it names a reader: \(names)")
  }
  return reader
}()
