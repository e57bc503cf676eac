#include "CTesseract.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stddef.h>

// Tesseract brings some twenty-five libraries with it. Loading them when the first screen is read and
// not at every start halves the time of commands that read none.

static void *library;
static const char *problem;

static void load(void) {
  library = dlopen("libtesseract.so.5", RTLD_NOW | RTLD_GLOBAL);
  if (!library) problem = dlerror();
}

const char *qa_tesseract_load(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, load);
  return problem;
}

// Each function that is used, by its own name: looked up at its first call.
#define LAZY(RETURN, NAME, PARAMETERS, ARGUMENTS)              \
  RETURN NAME PARAMETERS {                                     \
    static RETURN(*function) PARAMETERS;                       \
    if (!function) *(void **)&function = dlsym(library, #NAME); \
    return function ARGUMENTS;                                 \
  }

LAZY(TessBaseAPI *, TessBaseAPICreate, (void), ())
LAZY(void, TessBaseAPIDelete, (TessBaseAPI * handle), (handle))
LAZY(void, TessBaseAPIEnd, (TessBaseAPI * handle), (handle))
LAZY(TessResultIterator *, TessBaseAPIGetIterator, (TessBaseAPI * handle), (handle))
LAZY(int, TessBaseAPIInit2,
     (TessBaseAPI * handle, const char *path, const char *language, TessOcrEngineMode mode),
     (handle, path, language, mode))
LAZY(int, TessBaseAPIRecognize, (TessBaseAPI * handle, ETEXT_DESC *monitor), (handle, monitor))
LAZY(void, TessBaseAPISetImage,
     (TessBaseAPI * handle, const unsigned char *pixels, int width, int height, int depth,
      int stride),
     (handle, pixels, width, height, depth, stride))
LAZY(void, TessBaseAPISetPageSegMode, (TessBaseAPI * handle, TessPageSegMode mode), (handle, mode))
LAZY(void, TessBaseAPISetSourceResolution, (TessBaseAPI * handle, int resolution),
     (handle, resolution))
LAZY(BOOL, TessBaseAPISetVariable, (TessBaseAPI * handle, const char *name, const char *value),
     (handle, name, value))
LAZY(void, TessDeleteText, (const char *text), (text))
LAZY(ETEXT_DESC *, TessMonitorCreate, (void), ())
LAZY(void, TessMonitorDelete, (ETEXT_DESC * monitor), (monitor))
LAZY(void, TessMonitorSetCancelFunc, (ETEXT_DESC * monitor, TessCancelFunc function_),
     (monitor, function_))
LAZY(void, TessMonitorSetCancelThis, (ETEXT_DESC * monitor, void *context), (monitor, context))
LAZY(void, TessMonitorSetDeadlineMSecs, (ETEXT_DESC * monitor, int deadline), (monitor, deadline))
LAZY(BOOL, TessPageIteratorBoundingBox,
     (const TessPageIterator *iterator, TessPageIteratorLevel level, int *left, int *top, int *right,
      int *bottom),
     (iterator, level, left, top, right, bottom))
LAZY(float, TessResultIteratorConfidence,
     (const TessResultIterator *iterator, TessPageIteratorLevel level), (iterator, level))
LAZY(void, TessResultIteratorDelete, (TessResultIterator * iterator), (iterator))
LAZY(const TessPageIterator *, TessResultIteratorGetPageIteratorConst,
     (const TessResultIterator *iterator), (iterator))
LAZY(char *, TessResultIteratorGetUTF8Text,
     (const TessResultIterator *iterator, TessPageIteratorLevel level), (iterator, level))
LAZY(BOOL, TessPageIteratorIsAtBeginningOf,
     (const TessPageIterator *iterator, TessPageIteratorLevel level), (iterator, level))
LAZY(BOOL, TessResultIteratorNext, (TessResultIterator * iterator, TessPageIteratorLevel level),
     (iterator, level))

void qa_tesseract_use_one_thread(void) {
  void (*set_levels)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_max_active_levels");
  if (set_levels) set_levels(0);
}
