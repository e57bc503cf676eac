# os-autoinst, to measure against: vnc-probe.pl ADDRESS reads and prints what `vnc-probe ADDRESS -` does.
#
# Its module knows TCP alone; here it gets the unix socket that the others use, on which nothing is held back.
use v5.20;
use warnings;
use lib '/usr/lib/os-autoinst';
use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;
use Time::HiRes qw(sleep);
use tinycv;
use consoles::VNC;

my ($address) = @ARGV;
STDOUT->autoflush(1);
{
    no warnings 'redefine';
    *IO::Socket::INET::new = sub { IO::Socket::UNIX->new(Peer => $address) };
}

# Takes in what comes, until the whole picture has; true when something came.
sub receive {
    my ($vnc, $limit) = @_;
    return 0 unless IO::Select->new($vnc->socket)->can_read($limit);
    return $vnc->update_framebuffer;
}

sub start {
    my $vnc = consoles::VNC->new({hostname => 'localhost', port => 0});
    $vnc->login;
    # Its first words ask for all of the screen.
    $vnc->send_update_request(0);
    1 until receive($vnc, 5);
    return $vnc;
}

sub now { Time::HiRes::clock_gettime(Time::HiRes::CLOCK_MONOTONIC()) }
sub used { Time::HiRes::clock_gettime(Time::HiRes::CLOCK_PROCESS_CPUTIME_ID()) }

while (my $line = <STDIN>) {
    my ($began, $had) = (now(), used());
    my $vnc = start;
    if ($line =~ /^k/) {
        # A new connection has seen what others have changed since.
        sleep 0.07;
        receive($vnc, 0);
        $vnc->send_update_request(1);
        $began = now();
        $vnc->send_key_event_down(ord 'x');
        1 until receive($vnc, 5);
        say 'key ', now() - $began;
        $vnc->send_key_event_up(ord 'x');
    }
    else {
        say 'connect ', now() - $began, ' ', used() - $had;
    }
    $vnc->socket->close;
}
