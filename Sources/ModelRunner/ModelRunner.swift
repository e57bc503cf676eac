// ModelRunner
