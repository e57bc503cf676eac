#include "CTesseract.h"

#include <dlfcn.h>

void qa_tesseract_use_one_thread(void) {
  void (*set_levels)(int) = (void (*)(int))dlsym(RTLD_DEFAULT, "omp_set_max_active_levels");
  if (set_levels) set_levels(0);
}
