using SeqCore.Models;

namespace SeqCore.Tests.Models.Tokenizers.BytePair;

public class BytePairTrainingTests
{
    [Theory]
    [InlineData(1, 400, 2)]
    [InlineData(2, 150, 1)]
    [InlineData(3, 10_000, 5)]
    public void Merges_are_those_of_the_definition(int seed, int merges, int minimumFrequency)
    {
        // Letters outside the basic plane are others to .NET's Regex.
        string[] texts = [.. FuzzedText.Many(seed, 250, hasOutsideLetters: false)];
        var tokenizer = BytePairTokenizer.Train(texts, 256 + merges, minimumFrequency: minimumFrequency);
        Enumerable.Range(0, tokenizer.Count).Select(t => Convert.ToHexString(tokenizer.BytesOf(t)))
            .Should().Equal(BytePairReference.Train(texts, merges, minimumFrequency));
    }

    [Fact]
    public void Repeated_letters_are_merged_as_the_definition_says()
    {
        var random = new Random(8);
        for (var i = 0; i < 200; i++)
        {
            string[] texts =
                [.. Enumerable.Range(0, 6).Select(_ => new string(random.GetItems<char>("ab c", random.Next(1, 14))))];
            var tokenizer = BytePairTokenizer.Train(texts, 300, minimumFrequency: 1);
            Enumerable.Range(0, tokenizer.Count).Select(t => Convert.ToHexString(tokenizer.BytesOf(t)))
                .Should().Equal(BytePairReference.Train(texts, 44, 1), string.Join('|', texts));
        }
    }

    [Fact]
    public void The_order_of_the_texts_does_not_matter()
    {
        string[] texts = [.. FuzzedText.Many(seed: 9, count: 500)];
        BytePairTokenizer.Train(texts.Reverse(), 600).ToJson().Should().Be(BytePairTokenizer.Train(texts, 600).ToJson());
    }

    [Fact]
    public void Training_ends_where_no_pair_is_frequent_enough()
    {
        BytePairTokenizer.Train(["abc"], 1000).Count.Should().Be(256);
        BytePairTokenizer.Train(["abc"], 1000, minimumFrequency: 1).Count.Should().Be(258);
        BytePairTokenizer.Train(["ab", "ab", "ab"], 1000, minimumFrequency: 3).Count.Should().Be(257);
    }

    [Fact]
    public void Special_tokens_are_not_merged()
    {
        var tokenizer = BytePairTokenizer.Train(["<x><x><x>ab"], 300, ["<x>"], minimumFrequency: 1);
        tokenizer.Count.Should().Be(258);
        tokenizer.Encode("<x>ab").Should().Equal(0, 257);
    }

    [Fact]
    public void Texts_are_read_once_and_one_at_a_time()
    {
        var count = 0;
        BytePairTokenizer.Train(Texts(), 300).Count.Should().BeGreaterThan(256);
        count.Should().Be(3);

        IEnumerable<string> Texts()
        {
            foreach (var text in (string[])["to be", "or not", "to be"])
            {
                count++;
                yield return text;
            }
        }
    }

    [Fact]
    public void Wrong_arguments_are_named()
    {
        Train(255).Should().Throw<ArgumentOutOfRangeException>()
            .WithMessage("BytePairTokenizer.Train: vocabularySize should be at least 256.*");
        Train(256, ["a"]).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*should be at least 257.*");
        Train(300, ["a", "a"]).Should().Throw<ArgumentException>().WithMessage("*the special token 'a' is listed twice.*");
        Train(300, [""]).Should().Throw<ArgumentException>().WithMessage("*'' is not the name of a special token.*");
        Train(300, [null!]).Should().Throw<ArgumentException>().WithMessage("*item 0 of specialTokens is null.*");
        Train(300, minimumFrequency: 0).Should().Throw<ArgumentOutOfRangeException>().WithMessage("*minimumFrequency should be*");
        FluentActions.Invoking(() => BytePairTokenizer.Train(["a"], 256, options: new() { Special = new() { End = 256 } }))
            .Should().Throw<ArgumentException>().WithMessage("*special tokens of the options should be in [0, 256); got 256.*");
        FluentActions.Invoking(() => BytePairTokenizer.Train(["a"], 256, options: new() { Special = new() { Unknown = 5 } }))
            .Should().Throw<ArgumentException>().WithMessage("*the unknown token should be a special one*token 5 is not.");

        static Action Train(int size, string[]? special = null, int minimumFrequency = 2) =>
            () => BytePairTokenizer.Train(["ab"], size, special, minimumFrequency);
    }

    [Fact]
    public void Training_can_be_cancelled()
    {
        using var cancelling = new CancellationTokenSource();
        cancelling.Cancel();
        FluentActions.Invoking(() => BytePairTokenizer.Train(["ab"], 300, cancellation: cancelling.Token))
            .Should().Throw<OperationCanceledException>();
    }
}
