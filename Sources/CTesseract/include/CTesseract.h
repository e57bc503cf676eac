#ifndef QA_CTESSERACT_H
#define QA_CTESSERACT_H

#include <tesseract/capi.h>

/// Loads Tesseract; call it before any function of Tesseract. NULL, or why it cannot be loaded.
const char *_Nullable qa_tesseract_load(void);

/// Makes the calling thread run OpenMP regions alone.
///
/// Tesseract asks for four OpenMP threads whatever the machine has, and on fewer cores they spin: nine
/// times slower on two. The limit is per thread, so it must be set on the thread that recognises.
/// Does nothing where Tesseract was built without OpenMP.
void qa_tesseract_use_one_thread(void);

#endif
