using System.Text;

namespace SeqCore.Tests.Models.Tokenizers;

/// <summary>Writes model files of SentencePiece, which are messages of Protocol Buffers (sentencepiece_model.proto).</summary>
internal static class SentencePieceFile
{
    private const int Normal = 1, Unknown = 2, Control = 3;

    /// <summary>A Unigram model without normalization, whose tokens 0, 1 and 2 are unknown, start and end.</summary>
    internal static byte[] Unigram(string[] tokens, Func<int, float> score)
    {
        var model = new Message();
        for (var token = 0; token < tokens.Length; token++)
        {
            // Bytes are normal pieces too, because the peer looks for the first one by its name among those.
            var piece = new Message().Bytes(1, Encoding.UTF8.GetBytes(tokens[token])).Float(2, score(token))
                .Number(3, token switch { 0 => Unknown, 1 or 2 => Control, _ => Normal });
            model.Bytes(1, piece.ToArray());
        }

        var trainer = new Message().Number(3, 1).Number(35, 1).Number(40, 0).Number(41, 1).Number(42, 2).Number(43, -1);
        var normalizer = new Message().Bytes(1, "identity"u8.ToArray()).Number(3, 0).Number(4, 0).Number(5, 0);
        return model.Bytes(2, trainer.ToArray()).Bytes(3, normalizer.ToArray()).ToArray();
    }

    private sealed class Message
    {
        private readonly List<byte> content = [];

        internal byte[] ToArray() => [.. content];

        internal Message Number(int field, long value)
        {
            Variable((ulong)field << 3);
            return Variable((ulong)value);
        }

        internal Message Float(int field, float value)
        {
            Variable(((ulong)field << 3) | 5);
            content.AddRange(BitConverter.GetBytes(value));
            return this;
        }

        internal Message Bytes(int field, byte[] value)
        {
            Variable(((ulong)field << 3) | 2);
            Variable((ulong)value.Length);
            content.AddRange(value);
            return this;
        }

        private Message Variable(ulong value)
        {
            for (; value >= 128; value >>= 7)
                content.Add((byte)(value | 128));
            content.Add((byte)value);
            return this;
        }
    }
}
