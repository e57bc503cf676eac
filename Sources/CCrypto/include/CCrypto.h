#ifndef QA_CCRYPTO_H
#define QA_CCRYPTO_H
#endif
