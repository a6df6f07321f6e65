using System.Runtime.InteropServices;

namespace SeqCore.Samples.Common;

/// <summary>
/// Turns the first SIGINT (Ctrl+C) or SIGTERM into a request for an orderly stop; the second ends the process immediately.
/// </summary>
public sealed class Interrupts : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;

    /// <summary>Starts to listen.</summary>
    /// <param name="messages">Receives a message at the first signal.</param>
    /// <param name="isLive">Whether messages go to a terminal, whose cursor a progress bar may have hidden.</param>
    public Interrupts(TextWriter messages, bool isLive)
    {
        registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }
            .Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            if (source.IsCancellationRequested)
            {
                if (isLive)
                    messages.WriteLine("\e[?25h");
                return;
            }

            context.Cancel = true;
            ExitCode = signal == PosixSignal.SIGTERM ? Common.ExitCode.Terminated : Common.ExitCode.Interrupted;
            messages.WriteLine("Stopping; press Ctrl+C again to stop immediately.");
            source.Cancel();
        }))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>The exit code of a program that the first signal stopped.</summary>
    public int ExitCode { get; private set; } = Common.ExitCode.Interrupted;

    /// <summary>Stops listening.</summary>
    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        source.Dispose();
    }
}
