#!/usr/bin/perl
# Request Tracker made ready through its own Perl API: an agent with the rights of a desk, queues, requesters, a token.
# Reads {"queues": […], "people": […], "password": …} and prints {"queues": {name: id}, "people": {mail: principal}, "agent": id, "nobody": id, "token": …}.
use strict;
use warnings;
use lib "/usr/share/request-tracker5/lib";
use RT -init;
use JSON;

sub done {
    my ($what, $id, $message) = @_;
    die "$what: $message\n" unless $id;
    return $id;
}

my $asked = decode_json(do { local $/; <STDIN> });
my $system = RT->SystemUser;
my %found = (nobody => RT->Nobody->id + 0);

# Whoever may see queues and answer everywhere holds it through a group, as a desk's agents do; not as a superuser, whose rights are not looked at.
my $agent = RT::User->new($system);
$found{agent} = done(agent => $agent->Create(Name => "agent", EmailAddress => 'agent@example.org', Privileged => 1, Password => $asked->{password})) + 0;
my $group = RT::Group->new($system);
done(group => $group->CreateUserDefinedGroup(Name => "Agents"));
done(member => $group->AddMember($agent->PrincipalId));
done("right $_" => $group->PrincipalObj->GrantRight(Object => $RT::System, Right => $_))
    for qw(SeeQueue ShowTicket ShowTicketComments CreateTicket ReplyToTicket CommentOnTicket ModifyTicket OwnTicket ManageAuthTokens);

for my $name (@{ $asked->{queues} }) {
    my $queue = RT::Queue->new($system);
    $found{queues}{$name} = done("queue $name" => $queue->Create(Name => $name)) + 0;
}
for my $mail (@{ $asked->{people} }) {
    my $user = RT::User->new($system);
    $found{people}{$mail} = done("user $mail" => $user->Create(Name => $mail, EmailAddress => $mail, Privileged => 0)) + 0;
}

# Nothing is mailed: the scrips that write and send notifications are off, which spares Request Tracker their work.
my $scrips = RT::Scrips->new($system);
$scrips->UnLimit;
while (my $scrip = $scrips->Next) {
    $scrip->SetDisabled(1) if $scrip->ActionObj->Name =~ /^(Notify|Autoreply)/;
}

my $token = RT::AuthToken->new($system);
my ($id, $message, $text) = $token->Create(Owner => $agent->id, Description => "bench");
$found{token} = done(token => $id, $message) && $text;
print encode_json(\%found), "\n";
