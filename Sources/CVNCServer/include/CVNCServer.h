// A VNC server for one screen: libvncserver without its own sockets, loop and threads.
//
// All calls for one server belong on one thread. Nothing here waits, except for a client that is slow
// to read or to finish a message: five seconds at most, then it is dropped.
#ifndef QA_CVNCSERVER_H
#define QA_CVNCSERVER_H

#include <stddef.h>
#include <stdint.h>

_Pragma("clang assume_nonnull begin")

typedef struct qa_vncserver qa_vncserver;

enum {
  /// A key: `keysym` and `isDown`.
  QA_VNCSERVER_KEY = 1,
  /// The pointer: `x`, `y` and `buttons`, whose lowest bit is the main button.
  QA_VNCSERVER_POINTER = 2,
  /// A client has copied `text`, which is Latin-1.
  QA_VNCSERVER_TEXT = 3,
  /// A client is gone, and with it what it held pressed.
  QA_VNCSERVER_LEFT = 4,
  /// The time that was set has come.
  QA_VNCSERVER_TIME = 5,
};

/// What a client did.
struct qa_vncserver_event {
  int32_t kind;
  int32_t x, y, buttons;
  uint32_t keysym;
  int32_t is_down;
  /// Valid until the next event is taken.
  const uint8_t *_Nullable text;
  size_t text_length;
};

/// Makes a server whose screen is black, or null.
///
/// It asks for no password: the library keeps its security types in one list for the whole process,
/// so that servers with and without a password disturb each other.
qa_vncserver *_Nullable qa_vncserver_create(int width, int height, const char *name);

/// Listens on a unix socket with mode 0600. 0, or an errno value.
int qa_vncserver_listen(qa_vncserver *server, const char *path);

/// A descriptor that can be read from when `qa_vncserver_serve` has something to do.
int qa_vncserver_descriptor(qa_vncserver *server);

/// Takes new clients, and one message of each client that sent one.
void qa_vncserver_serve(qa_vncserver *server);

/// Takes the next event that `qa_vncserver_serve` has seen; 0 when there is none.
int qa_vncserver_next(qa_vncserver *server, struct qa_vncserver_event *event);

/// Sets the time of the next QA_VNCSERVER_TIME in milliseconds from now; negative means never.
void qa_vncserver_set_time(qa_vncserver *server, int64_t milliseconds);

/// The screen, `width * height` pixels of 0x00RRGGBB; another one after each resize.
uint32_t *qa_vncserver_pixels(qa_vncserver *server);

/// Says that a part of the screen was drawn anew.
void qa_vncserver_changed(qa_vncserver *server, int x, int y, int width, int height);

/// Gives the screen another size, all black. 0, or an errno value.
int qa_vncserver_resize(qa_vncserver *server, int width, int height);

/// Sends what clients have asked for and forgets the ones that are gone.
void qa_vncserver_flush(qa_vncserver *server);

/// Tells all clients of a copied text in Latin-1.
void qa_vncserver_offer_text(qa_vncserver *server, const uint8_t *text, size_t length);

/// Drops all clients; new ones may come.
void qa_vncserver_drop(qa_vncserver *server);

/// How many clients there are.
int qa_vncserver_clients(qa_vncserver *server);

/// Drops all clients and ends the server.
void qa_vncserver_destroy(qa_vncserver *server);

_Pragma("clang assume_nonnull end")
#endif
