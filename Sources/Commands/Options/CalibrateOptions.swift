internal import Adapters

/// What can be said after `calibrate`.
struct CalibrateOptions: GeneralOptions {
  var general = GeneralSettings()
  var scenario: String?
  var target: String?
  var field: String?
  var reader: Calibration.Reader?
  var forgets = false
  var isJSON = false

  static var words: [PositionalSpec<Self>] {
    [
      .word(.path("SCENARIO"), .optional, "A scenario with the target, its password and the like") {
        $0.scenario = $1
      }
    ]
  }

  static var flags: [OptionSpec<Self>] {
    [
      .value("target", as: .text("vnc://HOST"), in: .main, "Calibrate this VNC server") {
        $0.target = $1
      },
      .value("into", as: .text("LABEL"), in: .main, "Click the field with this label first") {
        $0.field = $1
      },
      .value("read", as: .choice("HOW"), in: .main, "How to read what the field shows") {
        $0.reader = $1
      },
      .flag("forget", in: .main, "Delete what is kept for the target") { $0.forgets = true },
      .flag("json", in: .main, "Print JSON") { $0.isJSON = true },
    ] + generalFlags
  }

  func validate() throws(ValueError) {
    if forgets, field != nil || reader != nil {
      throw ValueError(message: "--forget types nothing; leave out --into and --read")
    }
  }
}
