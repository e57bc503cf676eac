#ifndef QA_CTESSERACT_H
#define QA_CTESSERACT_H
#endif
