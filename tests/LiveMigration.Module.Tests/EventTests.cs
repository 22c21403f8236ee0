using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LiveMigration.Module.Tests;

/// <summary>-EventLog and -OnEvent, with hosts of the test driver, which migrates nothing: each migration fails, and that is told.</summary>
public sealed class EventTests : HostedTests
{
    private const string Quietly = "-SkipReadiness LM* -ErrorAction SilentlyContinue -WarningAction SilentlyContinue";

    private string Log => Path.Combine(Folder, "events.ndjson");

    [Fact]
    public void Each_event_is_a_line_of_JSON_that_follows_what_is_there()
    {
        File.WriteAllText(Log, "{\"v\":1,\"event\":\"mine\"}\n");
        _ = Shell.Run($"Start-VMLiveMigration web1, web2 b -HostName a -EventLog {Log} {Quietly}");

        var lines = Lines();
        Assert.Equal("mine", (string?)lines[0]["event"]);
        foreach (var vm in (string[])["web1", "web2"])
        {
            var own = lines.Where(line => (string?)line["vm"] == vm).ToArray();
            Assert.Equal(("started", "failed"), ((string?)own[0]["event"], (string?)own[^1]["event"]));
            Assert.Equal((1, "a", "b", "failed"), ((int)own[^1]["v"]!, (string?)own[^1]["source"], (string?)own[^1]["destination"], (string?)own[^1]["outcome"]));
            Assert.NotNull(own[^1]["error_id"]);
            Assert.Equal(own[0]["migration"]!.ToString(), own[^1]["migration"]!.ToString());
        }
    }

    [Fact]
    public void A_script_block_has_each_event_and_runs_in_the_pipeline_of_the_command()
    {
        var outcome = Shell.Run($$"""
            $seen = [Collections.Generic.List[object]]::new()
            $thread = [Threading.Thread]::CurrentThread.ManagedThreadId
            Start-VMLiveMigration web1 b -HostName a -OnEvent { $seen.Add($_); if ([Threading.Thread]::CurrentThread.ManagedThreadId -ne $thread) { throw 'elsewhere' }; 'discarded' } {{Quietly}}
            "$($seen[0].Event) $($seen[-1].Event) $($seen[-1].Result.Fault) $($seen[0].GetType().Name)"
            """);

        Assert.Matches("^Started Failed \\w+ MigrationEvent$", Assert.Single(outcome.Output).ToString());
    }

    /// <summary>What a script block does is its own affair, and the migration has the same end.</summary>
    [Theory]
    [InlineData("throw 'no hook'", "no hook")]
    [InlineData("Write-Error 'soft'", "soft")]
    [InlineData("[int]::Parse('x')", "Parse")]
    [InlineData("nosuchcommand", "nosuchcommand")]
    [InlineData("break", "")]
    [InlineData("exit 3", "")]
    public void An_error_in_it_is_a_warning(string script, string said)
    {
        var outcome = Shell.Run($"Start-VMLiveMigration web1 b -HostName a -OnEvent {{ {script} }} -SkipReadiness LM*; 'after'");

        Assert.Equal("after", outcome.Output[^1].ToString());
        Assert.Contains(outcome.Warnings, warning => warning.StartsWith("-OnEvent failed, and the migration continues: ", StringComparison.Ordinal) && warning.Contains(said, StringComparison.Ordinal));
        Assert.Single(outcome.Errors);
    }

    [Fact]
    public void A_log_that_cannot_be_written_is_an_error_and_nothing_is_started()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "folder"));
        foreach (var path in (string[])["/nosuch/events.ndjson", Path.Combine(Folder, "folder"), "/proc/self/attr/nosuch"])
        {
            var outcome = Shell.Run($"Start-VMLiveMigration web1 b -HostName a -SkipReadiness LM* -EventLog {path}");
            Assert.StartsWith("EventLogNotWritable,", Assert.Single(outcome.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
            outcome = Shell.Run($"Start-HostEvacuation a -Destination b -SkipReadiness LM* -EventLog {path}");
            Assert.StartsWith("EventLogNotWritable,", Assert.Single(outcome.Errors).FullyQualifiedErrorId, StringComparison.Ordinal);
        }
    }

    /// <summary>Each write to it fails as on a full disk.</summary>
    [Fact]
    public void A_log_on_a_full_disk_is_one_warning()
    {
        var outcome = Shell.Run("Start-VMLiveMigration web1 b -HostName a -SkipReadiness LM* -EventLog /dev/full; 'after'");
        Assert.Equal("after", outcome.Output[^1].ToString());
        Assert.Single(outcome.Warnings, warning => warning.StartsWith("Events are missing from '/dev/full': ", StringComparison.Ordinal));
        Assert.Single(outcome.Errors);
    }

    /// <summary>Two processes with one log are two that open it; no line is lost, and none is torn.</summary>
    [Fact]
    public void Two_commands_write_one_log_without_loss()
    {
        _ = Shell.Run($"1..4 | ForEach-Object {{ Start-VMLiveMigration web1 b -HostName a -EventLog {Log} -AsJob {Quietly} }} | Receive-Job -Wait -AutoRemoveJob -ErrorAction SilentlyContinue");
        Assert.Equal((4, 4), (Lines().Count(line => (string?)line["event"] == "started"), Lines().Count(line => (string?)line["event"] == "failed")));
    }

    [Fact]
    public void WhatIf_makes_no_file_and_runs_nothing()
    {
        var outcome = Shell.Run($"Start-VMLiveMigration web1 b -HostName a -SkipReadiness LM* -EventLog {Log} -OnEvent {{ throw }} -WhatIf; Start-HostEvacuation a -Destination b -SkipReadiness LM* -EventLog {Log} -WhatIf");
        Assert.Empty(outcome.Errors);
        Assert.Empty(outcome.Warnings);
        Assert.False(File.Exists(Log));
    }

    [Fact]
    public void A_job_writes_the_log_and_takes_no_script_block()
    {
        _ = Shell.Run($"Start-VMLiveMigration web1 b -HostName a -EventLog {Log} -AsJob {Quietly} | Receive-Job -Wait -AutoRemoveJob -ErrorAction SilentlyContinue");
        Assert.Equal(["started", "failed"], Lines().Where(line => (string?)line["event"] != "notice").Select(line => (string?)line["event"]));
        Assert.StartsWith("ContradictingOptions,", Error("Start-VMLiveMigration web1 b -HostName a -OnEvent { } -AsJob -SkipReadiness LM*").FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.StartsWith("ContradictingOptions,", Error("Start-HostEvacuation a -Destination b -OnEvent { } -AsJob -SkipReadiness LM*").FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-AsJob")]
    public void An_evacuation_tells_of_itself_and_of_what_it_leaves(string job)
    {
        var receive = job.Length > 0 ? "| Receive-Job -Wait -AutoRemoveJob -ErrorAction SilentlyContinue" : "";
        var last = Shell.Run($"$r = Start-HostEvacuation a -Destination b -Attempts 1 -EventLog {Log} {job} {Quietly} {receive}; $r[-1].Id").Output[^1].ToString();

        var lines = Lines();
        Assert.Equal(("evacuation_started", "evacuation_ended"), ((string?)lines[0]["event"], (string?)lines[^1]["event"]));
        Assert.All(lines, line => Assert.Equal(last, (string?)line["evacuation"]));
        Assert.Equal(["db1", "web1", "web2"], lines.Where(line => (string?)line["event"] == "not_moved").Select(line => (string?)line["vm"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_journal_of_systemd_has_a_field_for_each_property_and_one_line_for_each_field()
    {
        File.WriteAllText(Path.Combine(Folder, "logger"), $"#!/bin/sh\n[ \"$*\" = --journald ] && cat >>{Folder}/journal\n");
        _ = Shell.Run($"[IO.File]::SetUnixFileMode('{Folder}/logger', 'UserRead, UserWrite, UserExecute')").Clean;
        var outcome = Shell.Run($$"""
            $path = $env:PATH
            $env:PATH = "${folder}:$env:PATH"
            try { Start-VMLiveMigration web1 b -HostName a -OnEvent { $_ | & '{{Sample("Write-Journal.ps1")}}' } -SkipReadiness LM* -ErrorAction SilentlyContinue } finally { $env:PATH = $path }
            """);

        Assert.DoesNotContain(outcome.Warnings, warning => warning.Contains("OnEvent", StringComparison.Ordinal));
        var journal = File.ReadAllLines(Path.Combine(Folder, "journal"));
        Assert.Contains("LIVEMIGRATION_EVENT=Failed", journal);
        Assert.Contains("PRIORITY=3", journal);
        Assert.Contains("LIVEMIGRATION_VM=web1", journal);
        Assert.All(journal, line => Assert.Matches("^[A-Z_]+=.", line));
    }

    /// <summary>The first answer is a failure; the token is in a header, and nowhere else.</summary>
    [Fact]
    public async Task A_webhook_gets_each_wanted_event_once_more_where_it_failed()
    {
        using var listener = new HttpListener();
        var port = FreePort();
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        var requests = new List<(string? Token, JsonNode? Body)>();
        var serving = Task.Run(async () =>
        {
            while (requests.Count < 2)
            {
                var context = await listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream);
                requests.Add((context.Request.Headers["Authorization"], JsonNode.Parse(await reader.ReadToEndAsync())));
                context.Response.StatusCode = requests.Count == 1 ? 503 : 204;
                context.Response.Close();
            }
        });
        var outcome = Shell.Run($$"""
            $env:LIVEMIGRATION_WEBHOOK_TOKEN = 'Hunter2-very-secret'
            try { Start-VMLiveMigration web1 b -HostName a -OnEvent { $_ | & '{{Sample("Send-Webhook.ps1")}}' http://127.0.0.1:{{port}}/ -AllowUnencrypted -Event Failed } -SkipReadiness LM* -ErrorAction SilentlyContinue } finally { $env:LIVEMIGRATION_WEBHOOK_TOKEN = $null }
            """);
        await serving.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.DoesNotContain(outcome.Warnings, warning => warning.Contains("not sent", StringComparison.Ordinal));
        Assert.All(requests, request => Assert.Equal(("Bearer Hunter2-very-secret", "Failed", "web1"), (request.Token, (string?)request.Body!["event"], (string?)request.Body["vm"])));
        Assert.DoesNotContain(requests, request => request.Body!.ToJsonString().Contains("Hunter2", StringComparison.Ordinal));
    }

    /// <summary>A token does not go unencrypted over a network by accident.</summary>
    [Fact]
    public void A_webhook_without_https_gets_no_token() =>
        Assert.Contains(Shell.Run($"function Start-Sleep {{ }}; $env:LIVEMIGRATION_WEBHOOK_TOKEN = 'x'; '{{\"event\":\"failed\"}}' | & '{Sample("Send-Webhook.ps1")}' http://127.0.0.1:1/; $env:LIVEMIGRATION_WEBHOOK_TOKEN = $null").Warnings,
            warning => warning.Contains("AllowUnencryptedAuthentication", StringComparison.Ordinal));

    private static string Sample(string name) => Path.Combine(Module.Root, "samples", "monitoring", name);

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private JsonObject[] Lines() => [.. File.ReadAllLines(Log).Select(line => JsonSerializer.Deserialize<JsonObject>(line)!)];
}
