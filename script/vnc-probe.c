// A bare client on LibVNCClient, to measure against: vnc-probe ADDRESS RUNS [IDLE-SECONDS]
// With `-` for RUNS it reads what to do, `connect`, `key` or `refresh` (the whole picture again), line by line and
// answers each with such a line, so that others can take turns with it; behind the seconds of `connect` stand
// those of the processor. What follows the `-` are the encodings to announce in place of ours.
//
// Prints seconds, one a line: `connect` until the first picture is complete, `key` from a key press to
// changed pixels; then `idle` with the share of a core and the kilobytes it takes while nothing happens.
#include <poll.h>
#include <rfb/rfbclient.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static long painted;
static const char *encodings = "hextile copyrect raw";

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static double used(void) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void update(rfbClient *client, int x, int y, int width, int height) {
  (void)client, (void)x, (void)y;
  painted += (long)width * height;
}

static void quiet(const char *format, ...) { (void)format; }

static void serve(rfbClient *client, double limit) {
  double end = now() + limit;
  do {
    if (client->buffered == 0) {
      struct pollfd entry = {client->sock, POLLIN, 0};
      int wait = (int)((end - now()) * 1000);
      if (poll(&entry, 1, wait < 0 ? 0 : wait) <= 0) continue;
    }
    if (!HandleRFBServerMessage(client)) exit(1);
    if (limit > 100 && painted > 0) return;
  } while (now() < end);
}

static rfbClient *start(const char *address) {
  rfbClient *client = rfbGetClient(8, 3, 4);
  client->format.redShift = 16;
  client->format.greenShift = 8;
  client->format.blueShift = 0;
  client->serverHost = strdup(address);
  client->appData.encodingsString = encodings;
  client->appData.enableJPEG = FALSE;
  client->appData.useRemoteCursor = TRUE;
  client->GotFrameBufferUpdate = update;
  painted = 0;
  if (!rfbInitClient(client, NULL, NULL)) exit(1);
  while (painted < (long)client->width * client->height) {
    if (!HandleRFBServerMessage(client)) exit(1);
  }
  return client;
}

static void stop(rfbClient *client) {
  free(client->frameBuffer);
  rfbClientCleanup(client);
}

// A key on a connection that is kept, which goes on being served while nobody asks for a key.
static double press(rfbClient *client) {
  serve(client, 0.07);
  painted = 0;
  double began = now();
  SendKeyEvent(client, 'x', TRUE);
  serve(client, 1000);
  double seconds = now() - began;
  SendKeyEvent(client, 'x', FALSE);
  return seconds;
}

static double refresh(rfbClient *client) {
  serve(client, 0.07);
  painted = 0;
  double began = now();
  SendFramebufferUpdateRequest(client, 0, 0, client->width, client->height, FALSE);
  while (painted < (long)client->width * client->height) {
    if (!HandleRFBServerMessage(client)) exit(1);
  }
  return now() - began;
}

static int take_turns(const char *address) {
  char line[16];
  rfbClient *kept = NULL;
  while (fgets(line, sizeof line, stdin)) {
    if (line[0] != 'c' && !kept) {
      kept = start(address);
      SendPointerEvent(kept, kept->width - 1, kept->height - 1, 0);
    }
    if (line[0] == 'k') {
      printf("key %.9f\n", press(kept));
    } else if (line[0] == 'r') {
      printf("refresh %.9f\n", refresh(kept));
    } else {
      double began = now(), had = used();
      rfbClient *client = start(address);
      printf("connect %.9f %.9f\n", now() - began, used() - had);
      stop(client);
    }
    fflush(stdout);
  }
  if (kept) stop(kept);
  return 0;
}

int main(int count, char **arguments) {
  if (count < 3) return 2;
  int runs = atoi(arguments[2]);
  rfbClientLog = rfbClientErr = quiet;
  if (strcmp(arguments[2], "-") == 0) {
    if (count > 3) encodings = arguments[3];
    return take_turns(arguments[1]);
  }
  for (int run = 0; run <= runs; run++) {
    double began = now();
    rfbClient *client = start(arguments[1]);
    if (run > 0) printf("connect %.9f\n", now() - began);
    stop(client);
  }
  rfbClient *client = start(arguments[1]);
  SendPointerEvent(client, client->width - 1, client->height - 1, 0);
  for (int run = 0; run <= runs; run++) {
    double seconds = press(client);
    if (run > 0) printf("key %.9f\n", seconds);
  }
  if (count > 3) {
    serve(client, 0.5);
    double began = used(), seconds = atof(arguments[3]);
    serve(client, seconds);
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file && fscanf(file, "%*d %ld", &pages) != 1) pages = 0;
    if (file) fclose(file);
    printf("idle %.9f %ld\n", (used() - began) / seconds, pages * 4);
  }
  stop(client);
  return 0;
}
