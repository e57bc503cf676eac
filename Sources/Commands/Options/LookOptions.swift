internal import Pixels

/// What can be said after `look`.
struct LookOptions: GeneralOptions {
  var general = GeneralSettings()
  var picture: String?
  var target: String?
  var languages: [String] = []
  var isJSON = false
  var html: String?
  var crop: PixelRect?
  var output: String?

  static var words: [PositionalSpec<Self>] {
    [.word(.path("PICTURE"), .optional, "A PNG file, in place of a target") { $0.picture = $1 }]
  }

  static var flags: [OptionSpec<Self>] {
    [
      .value("target", as: .text("vnc://HOST"), in: .main, "Look at this VNC server or demo:NAME") {
        $0.target = $1
      },
      .value("ocr", as: .text("eng,deu"), in: .main, "Read in these languages") {
        $0.languages = $1.split(separator: ",").map { $0.filter { $0 != " " } }
      },
      .flag("json", in: .main, "Print JSON") { $0.isJSON = true },
      .value("html", as: .file, in: .main, "Write a page on which a click gives the step") {
        $0.html = $1
      },
      .value("crop", as: .rectangle, in: .main, "Cut this part out, to be looked for") {
        $0.crop = $1
      },
      .value("output", "o", as: .file, in: .main, "With --crop: the PNG file to write") {
        $0.output = $1
      },
    ] + generalFlags
  }

  func validate() throws(ValueError) {
    if picture != nil, target != nil {
      throw ValueError(message: "a picture and --target cannot both be looked at")
    }
    if (crop == nil) != (output == nil) {
      throw ValueError(message: "--crop X,Y,W,H and -o FILE belong together")
    }
  }
}

extension ValueKind<PixelRect> {
  /// A part of a picture: `X,Y,W,H` in pixels.
  static let rectangle = Self(name: "X,Y,W,H") { text throws(ValueError) in
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Int($0.filter { $0 != " " })
    }
    guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let width = numbers[2],
      let height = numbers[3], [x, y].allSatisfy((0...65_535).contains),
      [width, height].allSatisfy((1...65_535).contains)
    else {
      throw ValueError(
        message: "“\(text)” is no part of a picture; write X,Y,W,H in pixels, such as 100,50,24,24")
    }
    return PixelRect(x: x, y: y, width: width, height: height)
  }
}
