using SeqCore.Samples.Common;

namespace SeqCore.Tests.Samples.Common;

public sealed class InterruptibleReaderTests
{
    [Fact]
    public void Text_is_that_of_the_reader_within()
    {
        using var reader = new InterruptibleReader(new StringReader("one\ntwo\nthree"), CancellationToken.None);
        (reader.Peek(), reader.Read()).Should().Be(('o', 'o'));
        var buffer = new char[2];
        (reader.Read(buffer, 0, 2), new string(buffer)).Should().Be((2, "ne"));
        (reader.ReadLine(), reader.ReadLine()).Should().Be(("", "two"));
        reader.ReadToEnd().Should().Be("three");
        reader.ReadLine().Should().BeNull();
    }

    [Fact]
    public void Lines_read_ahead_are_those_of_the_reader_within_in_their_order()
    {
        string[] lines = [.. Enumerable.Range(0, 5000).Select(i => $"line {i}")];
        using var reader = new InterruptibleReader(new StringReader(string.Join('\n', lines)), CancellationToken.None,
            readsAhead: true);
        lines.Select(_ => reader.ReadLine()).Should().Equal(lines);
        (reader.ReadLine(), reader.ReadLine()).Should().Be((null, null));
        FluentActions.Invoking(reader.ReadToEnd).Should().Throw<InvalidOperationException>().WithMessage("*by ReadLine*");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_wait_for_a_line_ends_when_it_is_cancelled(bool readsAhead)
    {
        using var cancellation = new CancellationTokenSource();
        using var silent = new SilentReader();
        using var reader = new InterruptibleReader(silent, cancellation.Token, readsAhead);
        var waiting = Task.Run(reader.ReadLine, TestContext.Current.CancellationToken);
        silent.Began.Wait(TestContext.Current.CancellationToken);
        waiting.IsCompleted.Should().BeFalse();
        await cancellation.CancelAsync();
        await FluentActions.Awaiting(() => waiting.WaitAsync(TimeSpan.FromSeconds(20))).Should()
            .ThrowAsync<OperationCanceledException>();
        FluentActions.Invoking(reader.ReadLine).Should().Throw<OperationCanceledException>();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_error_of_the_reader_is_passed_on(bool readsAhead)
    {
        using var closed = new StringReader("");
        closed.Dispose();
        using var reader = new InterruptibleReader(closed, CancellationToken.None, readsAhead);
        FluentActions.Invoking(reader.ReadLine).Should().Throw<ObjectDisposedException>();
    }
}

/// <summary>A reader without an end and without a line, such as a pipe of a program that writes nothing.</summary>
internal sealed class SilentReader : TextReader
{
    private readonly ManualResetEventSlim end = new();

    /// <summary>Set as soon as a line is waited for.</summary>
    public ManualResetEventSlim Began { get; } = new();

    public override string? ReadLine()
    {
        Began.Set();
        end.Wait();
        return null;
    }

    protected override void Dispose(bool disposing)
    {
        end.Set();
        base.Dispose(disposing);
    }
}
