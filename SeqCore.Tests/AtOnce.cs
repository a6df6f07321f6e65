using System.Diagnostics;

namespace SeqCore.Tests;

internal static class AtOnce
{
    /// <summary>
    /// Repeats each action on a thread of its own until one throws, and returns that exception; null if none did in a minute.
    /// Threads of the pool would not do: while other tests hold them, a parallel loop runs its parts one after another.
    /// </summary>
    public static Exception? FirstError(params Action[] actions)
    {
        Exception? error = null;
        var time = Stopwatch.StartNew();
        var threads = actions.Select(action => new Thread(() =>
        {
            while (Volatile.Read(ref error) is null && time.Elapsed < TimeSpan.FromMinutes(1))
            {
                if (Record.Exception(action) is { } thrown)
                    Interlocked.CompareExchange(ref error, thrown, null);
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        return error;
    }
}
