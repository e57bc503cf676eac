#ifndef QA_CPCRE2_H
#define QA_CPCRE2_H
#endif
