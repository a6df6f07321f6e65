using System.Text.Json;
using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using Microsoft.ML.Tokenizers;
using SeqCore.Models;

namespace SeqCore.Benchmarks.Micro;

/// <summary>Byte-pair encoding on one thread, beside Microsoft.ML.Tokenizers with the same vocabulary and merges.</summary>
[MemoryDiagnoser]
public partial class BytePairEncodingBenchmarks
{
    private string text = "";
    private BytePairTokenizer tokenizer = null!;
    private BpeTokenizer peer = null!;

    /// <summary>The workload's name.</summary>
    [Params("bpe_encode/1000000x10000x4352", "bpe_encode/20000000x100000x4352")]
    public string Name { get; set; } = "";

    /// <summary>Makes the text and trains the tokenizer.</summary>
    /// <exception cref="InvalidOperationException">The two give different tokens.</exception>
    [GlobalSetup]
    public void Setup()
    {
        var sizes = WorkloadName.Parse(Name).Sizes;
        text = TokenizerWorkloads.Text(sizes[0], sizes[1]);
        tokenizer = BytePairTokenizer.Train([text], sizes[2]);
        using var json = JsonDocument.Parse(tokenizer.ToJson());
        string[] tokens = [.. json.RootElement.GetProperty("tokens").EnumerateArray().Select(t => t.GetString()!)];
        var merges = json.RootElement.GetProperty("merges").EnumerateArray().Select(t => t.GetInt32()).Chunk(3);
        peer = BpeTokenizer.Create(new BpeOptions(tokens.Select(KeyValuePair.Create))
        {
            Merges = merges.Select(m => $"{tokens[m[0]]} {tokens[m[1]]}"),
            ByteLevel = true,
            PreTokenizer = new RegexPreTokenizer(Pattern(), null),
        });
        if (!peer.EncodeToIds(text).SequenceEqual(tokenizer.Encode(text)))
            throw new InvalidOperationException($"{Name}: the tokens differ.");
    }

    /// <summary>Encodes the text.</summary>
    [Benchmark]
    public int[] SeqCore() => tokenizer.Encode(text);

    /// <summary>Encodes the text with Microsoft.ML.Tokenizers.</summary>
    [Benchmark]
    public IReadOnlyList<int> MicrosoftMLTokenizers() => peer.EncodeToIds(text);

    [GeneratedRegex(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+")]
    private static partial Regex Pattern();
}

/// <summary>Training of byte-pair encoding.</summary>
public class BytePairTrainingBenchmarks : OperationBenchmarks
{
    /// <inheritdoc/>
    [Params("bpe_train/1000000x10000x4352", "bpe_train/20000000x100000x4352")]
    public override string Name { get; set; } = "";
}
