#ifndef QA_CPNG_H
#define QA_CPNG_H
#endif
