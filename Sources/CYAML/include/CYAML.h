#ifndef QA_CYAML_H
#define QA_CYAML_H
#endif
